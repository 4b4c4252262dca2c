/** A multipart upload that we mean to begin or have begun: the only uploads that we ever continue or abort. */
export interface UploadIntent {
  key: string;
  path: string;
  sizeBytes: number;
  mtimeMs: number;
  ctimeMs: number;
  inode: number;
  sha256: string;
  partBytes: number;
  /** ISO 8601. */
  begunAt: string;
  /** Uploads of this key that were there before, so not ours; absent where the store does not list them. */
  others?: string[];
  /** Absent until the store has named it. */
  uploadId?: string;
}

/** An upload of ours that the store did not let us abort. */
export interface LeftUpload {
  key: string;
  uploadId: string;
}

/** What must outlive a crash: it is on disk when `save` and `remove` settle. One intent a key. */
export interface UploadIntents {
  find(key: string): UploadIntent | undefined;
  all(): UploadIntent[];
  /** @throws BackupError `disk-full` or `state-unwritable` */
  save(intent: UploadIntent): Promise<void>;
  remove(key: string): Promise<void>;
  /** Uploads to be aborted once the store lets us. */
  left(): LeftUpload[];
  leave(upload: LeftUpload): Promise<void>;
  clearLeft(uploadId: string): Promise<void>;
}
