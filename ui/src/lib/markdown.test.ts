import { expect, it } from "vitest";
import { htmlToText, isSafeLink, parseInline, parseMarkdown } from "./markdown";

it("reads blocks", () =>
  expect(parseMarkdown("# Title\ntext\nmore\n\n- a\n- b\n\n```\ncode *x*\n```\n---").map((block) => block.kind)).toEqual([
    "heading",
    "paragraph",
    "list",
    "code",
    "rule",
  ]));

it("reads emphasis, code and links", () =>
  expect(parseInline("**a** `b` [c](https://d) *e*").map((part) => part.kind)).toEqual([
    "strong",
    "text",
    "code",
    "text",
    "link",
    "text",
    "emphasis",
  ]));

it("drops links that run scripts", () => {
  expect(parseInline("[x](javascript:alert)")).toEqual([{ kind: "text", text: "x" }]);
  expect(isSafeLink("//elsewhere")).toBe(false);
});

it("keeps the text of HTML", () => expect(htmlToText("<h2>A</h2><script>bad()</script><p>b &amp; c</p>")).toBe("## A\nb & c"));
