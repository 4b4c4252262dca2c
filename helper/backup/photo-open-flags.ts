import { constants } from "node:fs";

/**
 * How a photo is opened: never through a link, and never waiting. A pipe put in a photo's place would hold its reader
 * until somebody writes to it; opened so, it is seen to be something else and let go.
 */
export const photoOpenFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
