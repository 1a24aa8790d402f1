import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, insertNewlineAndIndent } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { lintKeymap } from "@codemirror/lint";
import { Compartment, EditorState, Prec } from "@codemirror/state";
import { EditorView, keymap, placeholder } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useComputedColorScheme } from "@mantine/core";
import { PromQLExtension } from "@prometheus-io/codemirror-promql";
import { useEffect, useRef } from "react";
import { completionClient } from "../api/completion";

interface PromQLEditorProps {
  value: string;
  label: string;
  hint: string;
  onChange: (value: string) => void;
  /** Shift+Enter or Ctrl+Enter; gets the text as it stands. */
  onRun: (value: string) => void;
}

const colors = (dark: boolean) =>
  HighlightStyle.define([
    { tag: tags.keyword, color: dark ? "#5fc7d3" : "#00707f" },
    { tag: tags.function(tags.variableName), color: dark ? "#5fc7d3" : "#00707f" },
    { tag: tags.labelName, color: dark ? "#e5a36f" : "#a5480c" },
    { tag: tags.string, color: dark ? "#9bd089" : "#2f7a1c" },
    { tag: [tags.number, tags.integer, tags.float], color: dark ? "#d6a6f0" : "#7b3bb5" },
    { tag: tags.operator, color: dark ? "#a9b8c8" : "#52606e" },
    { tag: tags.modifier, color: dark ? "#5fc7d3" : "#00707f" },
    { tag: tags.comment, color: dark ? "#7c8b9a" : "#7b8794", fontStyle: "italic" },
    { tag: tags.invalid, color: dark ? "#ff8a8f" : "#c92a2a" },
  ]);

const styleOf = (dark: boolean) => [syntaxHighlighting(colors(dark)), EditorView.theme({}, { dark })];

/** An editor for PromQL with completion from the server's metrics and labels, and syntax errors as one types. */
export function PromQLEditor({ value, label, hint, onChange, onRun }: PromQLEditorProps) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const style = useRef(new Compartment());
  const callbacks = useRef({ onChange, onRun });
  callbacks.current = { onChange, onRun };
  const dark = useComputedColorScheme("light") === "dark";

  // biome-ignore lint/correctness/useExhaustiveDependencies: made once; value and colors follow by the effects below
  useEffect(() => {
    if (!box.current) return;
    const run = (editor: EditorView) => {
      callbacks.current.onRun(editor.state.doc.toString());
      return true;
    };
    const promql = new PromQLExtension().activateCompletion(true).activateLinter(true).setComplete({ remote: completionClient() });
    const editor = new EditorView({
      parent: box.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          Prec.highest(
            keymap.of([
              { key: "Shift-Enter", run },
              { key: "Mod-Enter", run },
            ]),
          ),
          history(),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          autocompletion(),
          promql.asExtension(),
          style.current.of(styleOf(dark)),
          keymap.of([
            ...closeBracketsKeymap,
            ...defaultKeymap,
            ...historyKeymap,
            ...completionKeymap,
            ...lintKeymap,
            { key: "Enter", run: insertNewlineAndIndent },
          ]),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-label": label }),
          placeholder(hint),
          EditorView.updateListener.of((update) => update.docChanged && callbacks.current.onChange(update.state.doc.toString())),
        ],
      }),
    });
    view.current = editor;
    return () => {
      view.current = null;
      editor.destroy();
    };
  }, [label, hint]);

  useEffect(() => {
    view.current?.dispatch({ effects: style.current.reconfigure(styleOf(dark)) });
  }, [dark]);

  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.doc.toString() !== value)
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  return <div ref={box} className="query-editor" />;
}
