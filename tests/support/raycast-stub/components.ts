import { createElement, type ReactElement, type ReactNode } from "react";

interface HostProps {
  children?: ReactNode;
  actions?: ReactNode;
  detail?: ReactNode;
  metadata?: ReactNode;
  searchBarAccessory?: ReactNode;
  [prop: string]: unknown;
}

type HostComponent = (props: HostProps) => ReactElement;

/** A component that is seen in the rendered tree under its Raycast name, with the elements in its props as children. */
function host(name: string): HostComponent {
  const Host: HostComponent = ({ children, actions, detail, metadata, searchBarAccessory, ...props }) =>
    createElement(name, props, searchBarAccessory, children, detail, metadata, actions);
  Object.defineProperty(Host, "name", { value: name });
  return Host;
}

function hosts<Names extends string>(parent: string, names: readonly Names[]): Record<Names, HostComponent> {
  return Object.fromEntries(names.map((name) => [name, host(`${parent}.${name}`)])) as Record<Names, HostComponent>;
}

const metadataParts = ["Label", "Link", "TagList", "Separator"] as const;

const listParts = hosts("List", ["Item", "Section", "EmptyView", "Dropdown"]);
const listItemDetail = Object.assign(host("List.Item.Detail"), {
  Metadata: Object.assign(host("List.Item.Detail.Metadata"), hosts("List.Item.Detail.Metadata", metadataParts)),
});
export const List = Object.assign(host("List"), listParts, {
  Item: Object.assign(listParts.Item, { Detail: listItemDetail }),
});

export const Detail = Object.assign(host("Detail"), {
  Metadata: Object.assign(host("Detail.Metadata"), hosts("Detail.Metadata", metadataParts)),
});

export const Form = Object.assign(
  host("Form"),
  hosts("Form", ["TextField", "PasswordField", "TextArea", "Checkbox", "FilePicker", "Description", "Separator"]),
  { Dropdown: Object.assign(host("Form.Dropdown"), hosts("Form.Dropdown", ["Item", "Section"])) },
);

export const ActionPanel = Object.assign(host("ActionPanel"), hosts("ActionPanel", ["Section", "Submenu"]));

export const Action = Object.assign(
  host("Action"),
  hosts("Action", ["Push", "SubmitForm", "CopyToClipboard", "OpenInBrowser", "Open", "ShowInFinder"]),
  { Style: { Regular: "regular", Destructive: "destructive" } as const },
);

export const MenuBarExtra = Object.assign(
  host("MenuBarExtra"),
  hosts("MenuBarExtra", ["Item", "Section", "Submenu", "Separator"]),
);
