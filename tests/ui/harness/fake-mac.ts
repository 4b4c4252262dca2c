import { onTestFinished, vi } from "vitest";
import { installFakeMacos, type FakeMacos } from "../../support/fake-macos/install-fake-macos.ts";

/** Gives the commands a launchd, a Keychain and System Settings to talk to, gone when the test ends. */
export function useFakeMac(): FakeMacos {
  const mac = installFakeMacos();
  for (const [name, value] of Object.entries(mac.env)) vi.stubEnv(name, value);
  onTestFinished(() => mac.close());
  return mac;
}
