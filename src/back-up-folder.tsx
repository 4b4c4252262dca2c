import { BackUpFolderForm } from "./components/back-up-folder-form.tsx";
import { useCredentialHandover } from "./hooks/use-credential-handover.ts";

export default function BackUpFolder() {
  useCredentialHandover();
  return <BackUpFolderForm />;
}
