import { Action, ActionPanel, Form } from "@raycast/api";
import { icons } from "../palette.ts";
import { problemWords, type Problem } from "../words/problem.ts";

/** In place of a form whose settings could not be read: filling it in would lose what they hold. */
export function FormNotReady({ problem, onRetry }: { problem: Problem; onRetry: () => unknown }) {
  return (
    <Form
      actions={
        <ActionPanel>
          <Action title="Retry" icon={icons.retry} onAction={onRetry} />
        </ActionPanel>
      }
    >
      <Form.Description title={problem.title} text={problemWords(problem)} />
    </Form>
  );
}
