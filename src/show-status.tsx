import { StatusView } from "./components/status-view.tsx";
import { useCredentialHandover } from "./hooks/use-credential-handover.ts";

export default function ShowStatus() {
  useCredentialHandover();
  return <StatusView />;
}
