/** `lock-worker.ts LOCK_PATH STEP`: takes the lock and kills itself with SIGKILL at that step; "hold" once it has it. */
import { acquireLock } from "../../../helper/state/lock/acquire-lock.ts";

const [path = "", target] = process.argv.slice(2);

await acquireLock(path, {
  onStep(step) {
    if (step === target) process.kill(process.pid, "SIGKILL");
  },
});
process.kill(process.pid, "SIGKILL");
