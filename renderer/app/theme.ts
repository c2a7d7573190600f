import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core'

const verdigris: MantineColorsTuple = [
  '#e4f6f1',
  '#cdeae3',
  '#9fd8ca',
  '#6dcab5',
  '#3fc9ad',
  '#1fa88e',
  '#12917a',
  '#0d8270',
  '#0a7666',
  '#085f52',
]
const clay: MantineColorsTuple = [
  '#fdebe5',
  '#f8d5ca',
  '#f4ac98',
  '#ff8466',
  '#ec6a4a',
  '#d8512f',
  '#c54324',
  '#b83a20',
  '#b0331c',
  '#8f2814',
]
/** Mantine's `gray` (used in the light scheme) and `dark`, warmed to the colour of soil. */
const gray: MantineColorsTuple = [
  '#faf6ef',
  '#f3efe8',
  '#ebe5db',
  '#ddd5c8',
  '#cbc0b0',
  '#988c7d',
  '#6b6155',
  '#554c41',
  '#3a332b',
  '#211c16',
]
const dark: MantineColorsTuple = [
  '#f2ece3',
  '#d5ccc0',
  '#b3a899',
  '#9d9284',
  '#3e372f',
  '#2a251f',
  '#211e1a',
  '#1b1815',
  '#12100e',
  '#0d0b0a',
]

/**
 * Mantine reckons the text on a filled button from the light scheme's shade alone; ours must be read in both, so our
 * two colours take their pairs from the tokens.
 */
const TOKENS: Readonly<Record<string, string>> = { verdigris: 'accent', clay: 'bad' }

const variantColors: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input)
  const token = TOKENS[input.color ?? input.theme.primaryColor]
  if (input.variant !== 'filled' || token === undefined) return colors
  return {
    ...colors,
    background: `var(--${token})`,
    hover: `color-mix(in srgb, var(--${token}) 88%, var(--ink))`,
    color: `var(--on-${token})`,
  }
}

/** Look of the controls. Dense: small sizes by default; colours that keep AA contrast in both schemes. */
export const theme = createTheme({
  colors: { verdigris, clay, gray, dark },
  primaryColor: 'verdigris',
  primaryShade: { light: 8, dark: 4 },
  autoContrast: true,
  variantColorResolver: variantColors,
  luminanceThreshold: 0.35,
  black: '#211c16',
  white: '#fffdf9',
  fontFamily: '"Inter Variable", system-ui, sans-serif',
  fontFamilyMonospace: '"JetBrains Mono Variable", ui-monospace, monospace',
  headings: { fontWeight: '640' },
  defaultRadius: 'md',
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '20px' },
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm' } },
    NumberInput: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Modal: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' }, centered: true } },
    Popover: { defaultProps: { shadow: 'md' } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true } },
    Skeleton: { defaultProps: { animate: true } },
  },
})

/** Makes Mantine's surfaces ours, so that its controls and our panels are of one piece. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {
    '--mantine-color-body': 'var(--surface)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--ink-faint)',
    '--mantine-color-error': 'var(--bad)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-line-height-sm': '1.45',
  },
  light: {
    '--mantine-color-body': 'var(--surface)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--ink-faint)',
    '--mantine-color-error': 'var(--bad)',
    '--mantine-color-default': 'var(--surface)',
    '--mantine-color-default-hover': 'var(--surface-2)',
    '--mantine-color-default-border': 'var(--line-strong)',
  },
  dark: {
    '--mantine-color-body': 'var(--surface)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--ink-faint)',
    '--mantine-color-error': 'var(--bad)',
    '--mantine-color-default': 'var(--surface-2)',
    '--mantine-color-default-hover': 'var(--line)',
    '--mantine-color-default-border': 'var(--line-strong)',
  },
})
