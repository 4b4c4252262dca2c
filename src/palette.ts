import { Color, Icon, type Image } from "@raycast/api";

/** How things are, in one look; every color and every icon of the commands comes from this file. */
export type Tone = "good" | "busy" | "waiting" | "attention" | "off";

export const toneColors: Record<Tone, Color> = {
  good: Color.Green,
  busy: Color.Blue,
  waiting: Color.Yellow,
  attention: Color.Red,
  off: Color.SecondaryText,
};

export const toneIcons: Record<Tone, Image.ImageLike> = {
  good: { source: Icon.CheckCircle, tintColor: toneColors.good },
  busy: { source: Icon.ArrowUpCircle, tintColor: toneColors.busy },
  waiting: { source: Icon.Clock, tintColor: toneColors.waiting },
  attention: { source: Icon.Warning, tintColor: toneColors.attention },
  off: { source: Icon.CircleDisabled, tintColor: toneColors.off },
};

/** The menu bar has its own mark, so that it is found among the others; trouble looks like trouble even there. */
export const menuBarIcons: Record<Tone, Image.ImageLike> = {
  good: { source: "menu-bar-icon.png", tintColor: Color.PrimaryText },
  busy: { source: "menu-bar-icon.png", tintColor: toneColors.busy },
  waiting: { source: "menu-bar-icon.png", tintColor: toneColors.waiting },
  attention: toneIcons.attention,
  off: { source: "menu-bar-icon.png", tintColor: toneColors.off },
};

export const icons = {
  agree: Icon.CheckRosette,
  bucket: Icon.HardDrive,
  browser: Icon.Globe,
  copy: Icon.CopyClipboard,
  backUp: Icon.Upload,
  pause: Icon.Pause,
  resume: Icon.Play,
  turnOn: Icon.Power,
  turnOff: Icon.Stop,
  folder: Icon.Folder,
  remove: Icon.Trash,
  finder: Icon.Finder,
  logs: Icon.Document,
  failures: Icon.ExclamationMark,
  status: Icon.Gauge,
  retry: Icon.ArrowClockwise,
  anyway: Icon.Bolt,
  verify: Icon.Shield,
  catalogue: Icon.Book,
  preferences: Icon.Gear,
  settings: Icon.Cog,
  photo: Icon.Image,
  queue: Icon.Layers,
  leftAlone: Icon.Minus,
  clock: Icon.Clock,
  more: Icon.Ellipsis,
  key: Icon.Key,
} as const;
