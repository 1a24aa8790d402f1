import { Component, type ReactNode } from "react";
import { useTexts } from "../lib/i18n";
import { Message } from "./Message";

/** Keeps a mistake in one part from taking the page with it. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    return this.state.error ? <Broken error={this.state.error} retry={() => this.setState({ error: null })} /> : this.props.children;
  }
}

function Broken({ error, retry }: { error: Error; retry: () => void }) {
  const t = useTexts();
  return <Message title={t.somethingBroke} text={error.message} action={{ label: t.tryAgain, run: retry }} />;
}
