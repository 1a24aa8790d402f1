/** The lookout: a V with a lamp in it. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#0b7f90" />
      <path d="M6 8h5l5 12 5-12h5l-7.4 17h-5.2z" fill="#fff" />
      <circle cx="16" cy="9.5" r="2.6" fill="#ffd43b" />
    </svg>
  );
}
