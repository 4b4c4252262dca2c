/** What a listing tells of an object. It proves nothing by itself (invariant 1). */
export interface ListedObject {
  key: string;
  sizeBytes: number;
  /** Without quotes; of an object uploaded in parts it ends in `-<number of parts>`. */
  etag?: string;
  modifiedAt?: Date;
  storageClass?: string;
}

export interface ListPage {
  objects: ListedObject[];
  /** Give it to the next call; undefined after the last page. */
  continuation?: string;
}
