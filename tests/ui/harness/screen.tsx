import { act, type ReactElement } from "react";
import { create, type ReactTestInstance, type ReactTestRenderer } from "react-test-renderer";
import { onTestFinished } from "vitest";
import { Navigation } from "../../support/raycast-stub/navigation.tsx";
import { raycast } from "../../support/raycast-stub/recorder.ts";

// Keeps the renderer from telling in every test that it is deprecated.
Object.assign(globalThis, { IS_REACT_NATIVE_TEST_ENVIRONMENT: true });

/** Lets React finish what `work` began. Between two steps a command goes on by itself, as it does in Raycast. */
async function step(work: () => unknown): Promise<void> {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  try {
    await act(async () => void (await work()));
  } finally {
    Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false });
  }
}

type Props = Record<string, unknown>;

/** A command as it is shown, and a person in front of it. */
export interface Screen {
  /** Whether the loading bar runs. */
  isLoading(): boolean;
  /** The rows in order: title, subtitle and accessories of each, joined by " | ". */
  rows(): string[];
  /** The props of all elements of this Raycast name. */
  all(name: string): Props[];
  /** The title and description of what is shown instead of rows, if that is so. */
  emptyView(): string | undefined;
  /** The titles of the actions of the row (or empty view, or form) with this text. */
  actions(of?: string): string[];
  /** Runs an action of the row with this text. */
  run(action: string, of?: string): Promise<void>;
  /** Types into a form's field. */
  fill(field: string, value: unknown): Promise<void>;
  /** Submits the form with what its fields show. */
  submit(): Promise<void>;
  /** Waits until it is so; fails with what is shown after 15 s. */
  until(isSo: (screen: Screen) => boolean | Promise<boolean>): Promise<void>;
}

const itemNames = ["List.Item", "MenuBarExtra.Item", "List.EmptyView", "Form"];
const timeoutMs = 15_000;

/** Renders a command; it is unmounted when the test ends. */
export async function show(command: ReactElement): Promise<Screen> {
  let renderer: ReactTestRenderer | undefined;
  await step(() => {
    renderer = create(<Navigation root={command} />);
  });
  if (!renderer) throw new Error("nothing was rendered");
  const shown = renderer;
  onTestFinished(async () => {
    await step(() => shown.unmount());
    await childrenEnded();
  });
  return screenOf(shown);
}

/** What a command asked for just before it was closed would write into folders that are removed next. */
async function childrenEnded(): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (process.getActiveResourcesInfo().includes("ProcessWrap")) {
    if (performance.now() > deadline) throw new Error("a program that the command started does not end");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function screenOf(renderer: ReactTestRenderer): Screen {
  const { root } = renderer;
  const named = (name: string, within: ReactTestInstance = root) => within.findAll((node) => nameOf(node) === name);
  const holder = (of: string | undefined) => {
    const holders = itemNames.flatMap((name) => named(name));
    const found = holders.find((node) => of === undefined || textOf(node.props).includes(of));
    if (!found) throw new Error(`nothing shows "${of}":\n${describe(root)}`);
    return found;
  };
  const screen: Screen = {
    isLoading: () => ["List", "Form", "MenuBarExtra"].some((name) => named(name).some((node) => node.props.isLoading)),
    rows: () => [...named("List.Item"), ...named("MenuBarExtra.Item")].map((node) => textOf(node.props)),
    all: (name) => named(name).map((node) => node.props),
    emptyView: () => {
      // As in Raycast: only where there are no rows.
      const view = named("List.Item").length === 0 ? named("List.EmptyView")[0] : undefined;
      return view && textOf(view.props);
    },
    actions: (of) => actionsIn(holder(of)).map(({ props }) => titleOf(props)),
    run: async (title, of) => {
      const actions = actionsIn(holder(of));
      const action = actions.find(({ props }) => titleOf(props) === title);
      if (!action) throw new Error(`no action ${title} among ${actions.map(({ props }) => titleOf(props)).join(", ")}`);
      await step(() => perform(action, root));
    },
    fill: async (field, value) => {
      const onChange = fieldsOf(root).find((node) => node.props.id === field)?.props.onChange as (
        value: unknown,
      ) => void;
      await step(() => onChange(value));
    },
    submit: async () => {
      const action = root.find((node) => nameOf(node) === "Action.SubmitForm");
      await step(() => perform(action, root));
    },
    until: async (isSo) => {
      const deadline = performance.now() + timeoutMs;
      while (!(await isSo(screen))) {
        if (performance.now() > deadline) throw new Error(`it did not come to that:\n${describe(root)}`);
        await step(() => new Promise((resolve) => setTimeout(resolve, 10)));
      }
    },
  };
  return screen;
}

/** The Raycast name of an element of the stub; "" for a component. */
function nameOf({ type }: ReactTestInstance): string {
  return typeof type === "string" ? type : "";
}

function actionsIn(node: ReactTestInstance): ReactTestInstance[] {
  if (nameOf(node) === "MenuBarExtra.Item") return [node];
  return node.findAll((inner) => /^Action(?:\.|$)/.test(nameOf(inner)));
}

async function perform(action: ReactTestInstance, root: ReactTestInstance): Promise<void> {
  const { props } = action;
  const name = nameOf(action);
  if (name === "Action.CopyToClipboard") raycast.clipboard.push(String(props.content));
  else if (name === "Action.OpenInBrowser") raycast.opened.push(String(props.url));
  else if (name === "Action.Open") raycast.opened.push(String(props.target));
  else if (name === "Action.ShowInFinder") raycast.opened.push(String(props.path));
  else if (name === "Action.Push") raycast.push?.(props.target as ReactElement);
  else if (name === "Action.SubmitForm") await (props.onSubmit as (values: Props) => unknown)(formValues(root));
  else await (props.onAction as () => unknown)();
}

function fieldsOf(root: ReactTestInstance): ReactTestInstance[] {
  return root.findAll((node) => nameOf(node).startsWith("Form.") && node.props.id !== undefined);
}

function formValues(root: ReactTestInstance): Props {
  return Object.fromEntries(fieldsOf(root).map(({ props }) => [props.id as string, props.value]));
}

function titleOf(props: Props): string {
  return String(props.title ?? (props.path === undefined ? "" : "Show in Finder"));
}

function textOf(props: Props): string {
  const accessories = (props.accessories ?? []) as { text?: string }[];
  const parts = [props.title, props.subtitle, props.description, ...accessories.map(({ text }) => text)];
  return parts.filter((part) => part !== undefined && part !== "").join(" | ");
}

function describe(root: ReactTestInstance): string {
  const nodes = root.findAll((node) => typeof node.type === "string");
  return nodes.map((node) => `${String(node.type)}: ${textOf(node.props)}`).join("\n");
}
