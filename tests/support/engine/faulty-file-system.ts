import { nodeFileSystem, type FileSystem, type OpenFile } from "../../../helper/backup/file-system.ts";

/** An error as Node gives it for a failed system call. macOS's EDEADLK is `systemError("Unknown system error -11", -11)`. */
export function systemError(code: string, errno = -1): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: made up by a test`), { code, errno, syscall: "read" });
}

/**
 * The real disk, except where a test says otherwise: each hook gets the path first and throws, changes the world, or
 * does nothing.
 */
export interface DiskHooks {
  readdir?(path: string): void;
  lstat?(path: string): void;
  open?(path: string): void;
  /** The kind of file system instead of the real one. */
  fileSystemType?(path: string): number;
  /** Called before every read of an open file, with the number of reads of that file so far. */
  read?(path: string, readsBefore: number): void;
}

export function faultyFileSystem(hooks: DiskHooks): FileSystem {
  return {
    readdir: (path) => {
      hooks.readdir?.(path);
      return nodeFileSystem.readdir(path);
    },
    lstat: (path) => {
      hooks.lstat?.(path);
      return nodeFileSystem.lstat(path);
    },
    fileSystemType: (path) => hooks.fileSystemType?.(path) ?? nodeFileSystem.fileSystemType(path),
    open: async (path, flags, sizeBytes) => {
      hooks.open?.(path);
      return withReadHook(await nodeFileSystem.open(path, flags, sizeBytes), (reads) => hooks.read?.(path, reads));
    },
  };
}

function withReadHook(file: OpenFile, onRead: (readsBefore: number) => void): OpenFile {
  let reads = 0;
  const read = file.read.bind(file) as (...given: unknown[]) => Promise<unknown>;
  const hooked = async (...given: unknown[]) => {
    onRead(reads++);
    return read(...given);
  };
  return Object.assign(file, { read: hooked });
}
