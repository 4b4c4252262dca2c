import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeFileAtomic } from "../../../helper/state/files/write-file-atomic.ts";
import { nodeAtomicFs, type AtomicFs } from "../../../helper/state/files/write-temp-file.ts";
import { faultyFs } from "../../support/state/faulty-fs.ts";
import { filesUnder, tempState } from "../../support/state/temp-state.ts";

const long = "a line that is longer than one piece\n".repeat(10_000);

describe("writeFileAtomic", () => {
  it("replaces the file by the whole new content, readable by nobody else", async () => {
    const { stateDir } = await tempState();
    const path = join(stateDir, "file.json");
    await writeFileAtomic(path, "old");
    await writeFileAtomic(path, [long, "é\u{1F4F7}", "", "end"]);
    expect(readFileSync(path, "utf8")).toBe(`${long}é\u{1F4F7}end`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(filesUnder(stateDir)).toEqual(["file.json"]);
  });

  it("takes the permissions it is told", async () => {
    const { stateDir } = await tempState();
    const path = join(stateDir, "agent.plist");
    await writeFileAtomic(path, "x", { mode: 0o644 });
    expect(statSync(path).mode & 0o777).toBe(0o644);
  });

  it("writes on after short writes, where a known library keeps a truncated file", async () => {
    const { stateDir } = await tempState();
    const path = join(stateDir, "file.json");
    let writes = 0;
    const sevenBytesAtATime: AtomicFs = {
      ...nodeAtomicFs,
      async open(name, flags, mode) {
        const handle = await nodeAtomicFs.open(name, flags, mode);
        return {
          write(buffer, offset, length) {
            writes++;
            return handle.write(buffer, offset, Math.min(7, length));
          },
          sync: () => handle.sync(),
          close: () => handle.close(),
        };
      },
    };
    await writeFileAtomic(path, '{"version": 1, "files": {}}', { fs: sevenBytesAtATime });
    expect(readFileSync(path, "utf8")).toBe('{"version": 1, "files": {}}');
    expect(writes).toBe(4);
  });

  it("syncs the bytes before the rename, and the folder after it", async () => {
    const { stateDir } = await tempState();
    const { fs, faults } = faultyFs(-1, "EIO");
    await writeFileAtomic(join(stateDir, "file.json"), "x", { fs: fs.atomic });
    expect(faults.calls).toEqual(["open", "write", "fsync", "rename", "open", "fsync"]);
  });

  for (const [call, name] of ["open", "write", "fsync", "rename"].entries()) {
    it(`keeps the old file and leaves nothing when the disk is full at ${name}`, async () => {
      const { stateDir } = await tempState();
      const path = join(stateDir, "file.json");
      writeFileSync(path, "old");
      const { fs, faults } = faultyFs(call, "ENOSPC");
      await expect(writeFileAtomic(path, "new", { fs: fs.atomic })).rejects.toMatchObject({
        name: "BackupError",
        code: "disk-full",
        detail: "file.json: ENOSPC",
      });
      expect(faults.calls.at(call)).toBe(name);
      expect(readFileSync(path, "utf8")).toBe("old");
      expect(filesUnder(stateDir)).toEqual(["file.json"]);
    });
  }

  it("takes a write of no bytes for a full disk instead of trying for ever", async () => {
    const { stateDir } = await tempState();
    const stuck: AtomicFs = {
      ...nodeAtomicFs,
      async open(name, flags, mode) {
        const handle = await nodeAtomicFs.open(name, flags, mode);
        return { write: async () => ({ bytesWritten: 0 }), sync: () => handle.sync(), close: () => handle.close() };
      },
    };
    const writing = writeFileAtomic(join(stateDir, "file.json"), "x", { fs: stuck });
    await expect(writing).rejects.toMatchObject({ code: "disk-full" });
    expect(filesUnder(stateDir)).toEqual([]);
  });

  it("says that the state is unwritable where its folder is", async () => {
    const { stateDir } = await tempState();
    const path = join(stateDir, "no such folder", "file.json");
    await expect(writeFileAtomic(path, "x")).rejects.toMatchObject({ code: "state-unwritable" });
  });

  it("passes an error of the content's own maker on as it is, and leaves nothing", async () => {
    const { stateDir } = await tempState();
    function* broken(): Generator<string> {
      yield long;
      throw new RangeError("no more lines");
    }
    await expect(writeFileAtomic(join(stateDir, "file.json"), broken())).rejects.toThrow(RangeError);
    expect(filesUnder(stateDir)).toEqual([]);
  });
});
