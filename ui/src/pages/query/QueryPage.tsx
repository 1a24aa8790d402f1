import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useIsFetching } from "@tanstack/react-query";
import { useMemo, useRef } from "react";
import { PageHead } from "../../components/PageHead";
import { RefreshPicker } from "../../components/RefreshPicker";
import { TimeRangePicker } from "../../components/TimeRangePicker";
import { useTexts } from "../../lib/i18n";
import { decodeQueryState, emptyPanel, encodeQueryState, type QueryPageState, type QueryPanelState } from "../../lib/queryState";
import { navigate, useQueryParams } from "../../lib/router";
import { isRelative, resolveRange } from "../../lib/timeRange";
import { useClock } from "../../lib/useClock";
import { QueryPanel } from "./QueryPanel";

/** Queries one below the other; all of the page's state is its address. */
export default function QueryPage() {
  const t = useTexts();
  const [params] = useQueryParams();
  const text = params.toString();
  const state = useMemo(() => decodeQueryState(text), [text]);
  const refresh = params.get("refresh") ?? "";
  const { nowMs, tick } = useClock(isRelative(state.range) ? refresh : "");
  const absolute = useMemo(() => resolveRange(state.range, nowMs), [state.range, nowMs]);
  const busy = useIsFetching({ predicate: (query) => query.queryKey[0] === "range" || query.queryKey[0] === "instant" }) > 0;
  const keys = useKeys(state.panels.length);

  const set = (next: QueryPageState, nextRefresh = refresh) =>
    navigate(`/query?${encodeQueryState(next)}${nextRefresh ? `&refresh=${nextRefresh}` : ""}`);
  const setPanels = (panels: QueryPanelState[]) => set({ ...state, panels });
  const replace = (index: number, panel: QueryPanelState) => setPanels(state.panels.map((one, i) => (i === index ? panel : one)));

  return (
    <>
      <PageHead title={t.query}>
        <TimeRangePicker range={state.range} absolute={absolute} onChange={(range) => set({ ...state, range })} />
        <RefreshPicker interval={refresh} busy={busy} onInterval={(interval) => set(state, interval)} onRefresh={tick} />
      </PageHead>
      <div style={{ display: "grid", gridTemplateColumns: "minmax(0, 1fr)", gap: 14 }}>
        {state.panels.map((panel, i) => (
          <QueryPanel
            key={keys.at(i)}
            panel={panel}
            range={absolute}
            nowMs={nowMs}
            onChange={(next) => replace(i, next)}
            onRun={tick}
            onZoom={(fromMs, toMs) => set({ ...state, range: { from: String(fromMs), to: String(toMs) } })}
            onDuplicate={() => {
              keys.insert(i + 1);
              setPanels(state.panels.toSpliced(i + 1, 0, panel));
            }}
            onRemove={
              state.panels.length > 1
                ? () => {
                    keys.remove(i);
                    setPanels(state.panels.toSpliced(i, 1));
                  }
                : undefined
            }
          />
        ))}
      </div>
      <Button
        variant="light"
        size="xs"
        mt="md"
        leftSection={<IconPlus size={15} />}
        onClick={() => setPanels([...state.panels, { ...emptyPanel }])}
      >
        {t.addQuery}
      </Button>
    </>
  );
}

/** A lasting key for each panel, so that removing one does not mix up the editors of the others. */
function useKeys(count: number) {
  const keys = useRef<number[]>([]);
  const next = useRef(0);
  while (keys.current.length < count) keys.current.push(next.current++);
  keys.current.length = count;
  return {
    at: (index: number) => keys.current[index],
    insert: (index: number) => keys.current.splice(index, 0, next.current++),
    remove: (index: number) => keys.current.splice(index, 1),
  };
}
