import { BackUpFolderForm } from "./components/back-up-folder-form.tsx";
import { StatusView } from "./components/status-view.tsx";
import { useCredentialHandover } from "./hooks/use-credential-handover.ts";

export default function BackUpFolder() {
  useCredentialHandover();
  return <BackUpFolderForm after={<StatusView />} />;
}
