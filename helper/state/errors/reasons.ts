import { destinationReasons } from "./destination-reasons.ts";
import { folderReasons } from "./folder-reasons.ts";
import { photoReasons } from "./photo-reasons.ts";
import { stateReasons } from "./state-reasons.ts";

/** Every way in which a photo, a folder or a run is not backed up: the one table of the design's errors. */
export const reasons = { ...destinationReasons, ...photoReasons, ...folderReasons, ...stateReasons };

export type ReasonCode = keyof typeof reasons;
