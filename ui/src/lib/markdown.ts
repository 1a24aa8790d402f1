/** A small Markdown: headings, lists, emphasis, code, links. It yields a tree, never HTML text, so a dashboard cannot bring scripts. */

export type Inline =
  | { kind: "text"; text: string }
  | { kind: "code"; text: string }
  | { kind: "strong" | "emphasis"; children: Inline[] }
  | { kind: "link"; href: string; children: Inline[] };

export type Block =
  | { kind: "heading"; level: number; children: Inline[] }
  | { kind: "paragraph"; children: Inline[] }
  | { kind: "list"; ordered: boolean; items: Inline[][] }
  | { kind: "code"; text: string }
  | { kind: "rule" };

export function parseMarkdown(text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.replace(/\r/g, "").split("\n");
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string;
    const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
    const item = /^\s*(?:[-*+]|(\d+)[.)])\s+(.*)$/.exec(line);
    if (/^```/.test(line)) {
      const code: string[] = [];
      while (++i < lines.length && !/^```/.test(lines[i] as string)) code.push(lines[i] as string);
      blocks.push({ kind: "code", text: code.join("\n") });
    } else if (heading) {
      blocks.push({ kind: "heading", level: (heading[1] as string).length, children: parseInline(heading[2] as string) });
    } else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) {
      blocks.push({ kind: "rule" });
    } else if (item) {
      const ordered = item[1] !== undefined;
      const previous = blocks.at(-1);
      const list =
        previous?.kind === "list" && previous.ordered === ordered ? previous : { kind: "list" as const, ordered, items: [] as Inline[][] };
      if (list !== previous) blocks.push(list);
      list.items.push(parseInline(item[2] as string));
    } else if (line.trim()) {
      const paragraph = [line.trim()];
      while (
        i + 1 < lines.length &&
        (lines[i + 1] as string).trim() &&
        !/^(#{1,6}\s|\s*[-*+]\s|\s*\d+[.)]\s|```)/.test(lines[i + 1] as string)
      )
        paragraph.push((lines[++i] as string).trim());
      blocks.push({ kind: "paragraph", children: parseInline(paragraph.join(" ")) });
    }
  }
  return blocks;
}

const inline = /`([^`]+)`|\*\*([^*]+)\*\*|__([^_]+)__|\*([^*\s][^*]*)\*|\[([^\]]+)\]\(([^)\s]+)\)|(https?:\/\/[^\s)<>"]+)/;

export function parseInline(text: string): Inline[] {
  const parts: Inline[] = [];
  let rest = text;
  for (let match = inline.exec(rest); match; match = inline.exec(rest)) {
    if (match.index > 0) parts.push({ kind: "text", text: rest.slice(0, match.index) });
    const [whole, code, strong, strongToo, emphasis, title, href, bare] = match;
    if (code !== undefined) parts.push({ kind: "code", text: code });
    else if (strong ?? strongToo) parts.push({ kind: "strong", children: parseInline((strong ?? strongToo) as string) });
    else if (emphasis !== undefined) parts.push({ kind: "emphasis", children: parseInline(emphasis) });
    else if (bare !== undefined) parts.push({ kind: "link", href: bare, children: [{ kind: "text", text: bare }] });
    else if (isSafeLink(href as string))
      parts.push({ kind: "link", href: href as string, children: [{ kind: "text", text: title as string }] });
    else parts.push({ kind: "text", text: title as string });
    rest = rest.slice(match.index + whole.length);
  }
  if (rest) parts.push({ kind: "text", text: rest });
  return parts;
}

/** Web pages and places of this server only. */
export const isSafeLink = (href: string): boolean => /^(https?:\/\/|\/(?!\/)|#|mailto:)/i.test(href);

/** The text of an HTML fragment, for text panels in HTML mode. */
export function htmlToText(html: string): string {
  return html
    .replace(/<(script|style)[\s\S]*?<\/\1>/gi, "")
    .replace(/<(br|\/p|\/div|\/h\d|\/li)[^>]*>/gi, "\n")
    .replace(/<li[^>]*>/gi, "- ")
    .replace(/<h(\d)[^>]*>/gi, (_, level: string) => `${"#".repeat(Number(level))} `)
    .replace(/<a\s[^>]*href="([^"]+)"[^>]*>([\s\S]*?)<\/a>/gi, "[$2]($1)")
    .replace(/<[^>]+>/g, "")
    .replace(/&nbsp;/g, " ")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&")
    .trim();
}
