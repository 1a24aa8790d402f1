import { Button, Menu } from "@mantine/core";
import { IconChevronDown, IconRefresh } from "@tabler/icons-react";
import { useTexts } from "../lib/i18n";

const intervals = ["5s", "10s", "30s", "1m", "5m", "15m"];

interface RefreshPickerProps {
  /** A duration; empty for "not by itself". */
  interval: string;
  busy: boolean;
  onInterval: (interval: string) => void;
  onRefresh: () => void;
}

export function RefreshPicker({ interval, busy, onInterval, onRefresh }: RefreshPickerProps) {
  const t = useTexts();
  const choices = interval && !intervals.includes(interval) ? [interval, ...intervals] : intervals;
  return (
    <Button.Group>
      <Button variant="default" size="xs" px={9} aria-label={t.refresh} title={t.refresh} onClick={onRefresh}>
        <IconRefresh size={15} className={busy ? "spinning" : undefined} />
      </Button>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <Button
            variant="default"
            size="xs"
            px={9}
            rightSection={<IconChevronDown size={13} />}
            aria-label={`${t.refreshEvery}: ${interval || t.off}`}
          >
            {interval || t.off}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t.refreshEvery}</Menu.Label>
          {["", ...choices].map((choice) => (
            <Menu.Item key={choice} fw={choice === interval ? 700 : undefined} onClick={() => onInterval(choice)}>
              {choice || t.off}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </Button.Group>
  );
}
