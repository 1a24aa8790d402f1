import { Button, CopyButton } from "@mantine/core";
import { useConfigText } from "../../api/useStatus";
import { Busy, Message } from "../../components/Message";
import { useTexts } from "../../lib/i18n";

export function ConfigText() {
  const t = useTexts();
  const config = useConfigText();
  if (config.isPending) return <Busy />;
  if (config.isError) return <Message title={t.panelError} text={config.error.message} />;
  return (
    <section className="card" aria-label={t.configuration} style={{ position: "relative" }}>
      <CopyButton value={config.data}>
        {({ copied, copy }) => (
          <Button size="compact-xs" variant="default" onClick={copy} style={{ position: "absolute", top: 10, right: 12 }}>
            {copied ? t.copied : t.copy}
          </Button>
        )}
      </CopyButton>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled by keyboard */}
      <pre className="mono" tabIndex={0} style={{ margin: 0, padding: 14, overflow: "auto" }}>
        {config.data}
      </pre>
    </section>
  );
}
