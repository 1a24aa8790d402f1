import { ActionIcon, Button, Popover, TextInput } from "@mantine/core";
import { IconChevronLeft, IconChevronRight, IconClock, IconZoomOut } from "@tabler/icons-react";
import { type FormEvent, useEffect, useState } from "react";
import { useLanguage } from "../lib/i18n";
import { type AbsoluteRange, lengthOfPreset, parseMoment, presets, shiftRange, type TimeRange } from "../lib/timeRange";
import { formatLocal } from "../lib/timeTicks";

interface TimeRangePickerProps {
  range: TimeRange;
  absolute: AbsoluteRange;
  onChange: (range: TimeRange) => void;
}

/** Presets, and from/to for everything else; beside it steps back, forward and out. */
export function TimeRangePicker({ range, absolute, onChange }: TimeRangePickerProps) {
  const { texts: t } = useLanguage();
  const [open, setOpen] = useState(false);
  const length = lengthOfPreset(range);
  const choose = (next: TimeRange) => {
    setOpen(false);
    onChange(next);
  };
  return (
    <div style={{ display: "flex", gap: 2 }}>
      <ActionIcon
        variant="default"
        size={30}
        aria-label={t.earlier}
        title={t.earlier}
        onClick={() => onChange(shiftRange(absolute, "back"))}
      >
        <IconChevronLeft size={16} />
      </ActionIcon>
      <Popover opened={open} onChange={setOpen} position="bottom-end" shadow="md" trapFocus>
        <Popover.Target>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconClock size={15} />}
            aria-label={`${t.timeRange}: ${describe(range, length, t)}`}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            {describe(range, length, t)}
          </Button>
        </Popover.Target>
        <Popover.Dropdown style={{ width: 320, maxWidth: "94vw" }}>
          <div style={{ display: "grid", gridTemplateColumns: "repeat(4, 1fr)", gap: 4, marginBottom: 12 }}>
            {presets.map((preset) => (
              <Button
                key={preset.from}
                size="compact-xs"
                variant={preset.from === range.from && preset.to === range.to ? "filled" : "light"}
                color={preset.from === range.from && preset.to === range.to ? undefined : "gray"}
                aria-label={t.lastRange(lengthOfPreset(preset) ?? "")}
                onClick={() => choose(preset)}
              >
                {lengthOfPreset(preset)}
              </Button>
            ))}
          </div>
          <FromTo range={range} absolute={absolute} onChange={choose} />
        </Popover.Dropdown>
      </Popover>
      <ActionIcon
        variant="default"
        size={30}
        aria-label={t.later}
        title={t.later}
        onClick={() => onChange(shiftRange(absolute, "forward"))}
      >
        <IconChevronRight size={16} />
      </ActionIcon>
      <ActionIcon
        variant="default"
        size={30}
        aria-label={t.zoomOut}
        title={t.zoomOut}
        onClick={() => onChange(shiftRange(absolute, "out"))}
      >
        <IconZoomOut size={16} />
      </ActionIcon>
    </div>
  );
}

function describe(range: TimeRange, length: string | null, t: ReturnType<typeof useLanguage>["texts"]): string {
  if (length) return t.lastRange(length);
  const show = (moment: string) => (/^\d{10,}$/.test(moment) ? formatLocal(Number(moment)) : moment);
  return `${show(range.from)} → ${show(range.to)}`;
}

function FromTo({ range, absolute, onChange }: TimeRangePickerProps) {
  const { texts: t } = useLanguage();
  const show = (moment: string, ms: number) => (moment.startsWith("now") ? moment : formatLocal(ms));
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is being typed must not change with every refresh
  useEffect(() => {
    setFrom(show(range.from, absolute.fromMs));
    setTo(show(range.to, absolute.toMs));
  }, [range.from, range.to]);
  const now = Date.now();
  const fromMs = parseMoment(from, now);
  const toMs = parseMoment(to, now, true);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (fromMs === null || toMs === null) return;
    const write = (text: string, ms: number) => (text.trim().startsWith("now") ? text.trim() : String(ms));
    onChange({ from: write(from, fromMs), to: write(to, toMs) });
  };
  return (
    <form onSubmit={submit} style={{ display: "grid", gap: 8 }}>
      <TextInput
        size="xs"
        label={t.from}
        value={from}
        error={fromMs === null && t.badMoment}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextInput
        size="xs"
        label={t.to}
        value={to}
        error={toMs === null && t.badMoment}
        onChange={(event) => setTo(event.currentTarget.value)}
      />
      <Button size="xs" type="submit">
        {t.apply}
      </Button>
    </form>
  );
}
