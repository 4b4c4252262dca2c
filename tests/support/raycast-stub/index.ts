// Stands in for @raycast/api, which has no runtime outside Raycast. This one file gathers the parts because it takes
// the place of a whole package.
export { Action, ActionPanel, Detail, Form, List, MenuBarExtra } from "./components.ts";
export {
  environment,
  getPreferenceValues,
  getSelectedFinderItems,
  launchCommand,
  LaunchType,
  openCommandPreferences,
  openExtensionPreferences,
} from "./environment.ts";
export {
  Alert,
  Clipboard,
  closeMainWindow,
  confirmAlert,
  open,
  popToRoot,
  showHUD,
  showInFinder,
  showToast,
  Toast,
} from "./feedback.ts";
export { AI, Color, Icon, Image, Keyboard, OAuth, PopToRootType } from "./names.ts";
export { useNavigation } from "./navigation.tsx";
export { Cache, LocalStorage } from "./storage.ts";
