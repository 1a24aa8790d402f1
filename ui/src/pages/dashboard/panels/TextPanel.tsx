import { createElement, type ReactNode } from "react";
import type { Panel } from "../../../api/types/dashboard";
import { type Block, htmlToText, type Inline, parseMarkdown } from "../../../lib/markdown";
import { fillText, type VariableValues } from "../../../lib/variables";

/** Markdown, built as elements: no HTML of a dashboard reaches the page. */
export function TextPanel({ panel, variables }: { panel: Panel; variables: VariableValues }) {
  const content = fillText(String(panel.options.content ?? ""), variables);
  const blocks = parseMarkdown(panel.options.mode === "html" ? htmlToText(content) : content);
  return (
    <div className="markdown">
      {blocks.map((block, i) => (
        <BlockView key={i} block={block} />
      ))}
    </div>
  );
}

function BlockView({ block }: { block: Block }) {
  switch (block.kind) {
    case "heading":
      return createElement(`h${Math.min(6, block.level + 2)}`, { style: { margin: "0.5em 0 0.3em" } }, inlines(block.children));
    case "list":
      return createElement(
        block.ordered ? "ol" : "ul",
        { style: { margin: "0.3em 0", paddingLeft: 22 } },
        block.items.map((item, i) => createElement("li", { key: i }, inlines(item))),
      );
    case "code":
      return <pre className="mono">{block.text}</pre>;
    case "rule":
      return <hr style={{ border: 0, borderTop: "1px solid var(--vigie-line)" }} />;
    default:
      return <p style={{ margin: "0.4em 0" }}>{inlines(block.children)}</p>;
  }
}

function inlines(parts: readonly Inline[]): ReactNode[] {
  return parts.map((part, i) => {
    switch (part.kind) {
      case "code":
        return createElement("code", { key: i }, part.text);
      case "strong":
        return createElement("strong", { key: i }, inlines(part.children));
      case "emphasis":
        return createElement("em", { key: i }, inlines(part.children));
      case "link":
        return createElement(
          "a",
          { key: i, href: part.href, rel: "noreferrer noopener", target: /^https?:/.test(part.href) ? "_blank" : undefined },
          inlines(part.children),
        );
      default:
        return part.text;
    }
  });
}
