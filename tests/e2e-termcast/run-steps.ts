export interface Step {
  /** What a person would say was shown. */
  name: string;
  run(): Promise<void>;
}

/**
 * Runs steps that build on each other, printing each with its time. After one that fails the rest is not reached and
 * counts as failed. Gives the number of those that passed and failed.
 */
export async function runSteps(
  steps: Step[],
  print: (line: string) => void,
): Promise<{ passed: number; failed: number }> {
  for (const [index, step] of steps.entries()) {
    const startedAt = performance.now();
    try {
      await step.run();
      print(`  ✓ ${step.name} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
    } catch (error) {
      print(`  ✗ ${step.name}\n${error instanceof Error ? error.message : String(error)}`);
      for (const missed of steps.slice(index + 1)) print(`  - not reached: ${missed.name}`);
      return { passed: index, failed: steps.length - index };
    }
  }
  return { passed: steps.length, failed: 0 };
}
