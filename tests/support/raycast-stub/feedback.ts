import { raycast, type RecordedAlert, type RecordedToast } from "./recorder.ts";

const toastStyle = { Success: "success", Failure: "failure", Animated: "animated" } as const;

export class Toast {
  static Style = toastStyle;
  title: string;
  message: string | undefined;
  style: string;

  constructor(options: RecordedToast) {
    this.title = options.title;
    this.message = options.message;
    this.style = options.style;
  }

  async show(): Promise<void> {
    raycast.toasts.push({ style: this.style, title: this.title, ...(this.message && { message: this.message }) });
  }

  async hide(): Promise<void> {}
}

export async function showToast(options: RecordedToast | string, title = "", message?: string): Promise<Toast> {
  const toast =
    typeof options === "string"
      ? { style: options, title, ...(message && { message }) }
      : { ...options, style: options.style ?? toastStyle.Success };
  raycast.toasts.push(toast);
  return new Toast(toast);
}

export async function showHUD(title: string): Promise<void> {
  raycast.huds.push(title);
}

export const Alert = { ActionStyle: { Default: "default", Destructive: "destructive", Cancel: "cancel" } } as const;

export async function confirmAlert(options: RecordedAlert): Promise<boolean> {
  raycast.alerts.push(options);
  return raycast.alertAnswers.shift() ?? false;
}

export async function open(target: string): Promise<void> {
  raycast.opened.push(target);
}

export async function showInFinder(path: string): Promise<void> {
  raycast.opened.push(path);
}

export const Clipboard = {
  async copy(content: unknown): Promise<void> {
    raycast.clipboard.push(String(content));
  },
};

export async function closeMainWindow(): Promise<void> {}

export async function popToRoot(): Promise<void> {}
