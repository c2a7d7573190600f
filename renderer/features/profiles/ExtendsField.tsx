import { Select } from '@mantine/core'
import { SHIPPED_NAMES } from '../../../domain/config/shipped-names.ts'

const ABOUT: Readonly<Record<(typeof SHIPPED_NAMES)[number], string>> = {
  default: 'default – what holds anyway, written out',
  dtn: 'dtn – a fast network card and jumbo frames',
  research: 'research – bursts of transfers, a small budget',
}

type Props = {
  /** Also a path, which only the text can set. */
  readonly value: string | null
  readonly onChange: (value: string | null) => void
  readonly disabled?: boolean
}

/** What a profile stands on: a configuration that comes with Cloud Mole, or nothing. */
export const ExtendsField = ({ value, onChange, disabled = false }: Props) => {
  const shipped = SHIPPED_NAMES.map((name) => ({ value: name, label: ABOUT[name] }))
  const isOther = value !== null && !(SHIPPED_NAMES as readonly string[]).includes(value)
  return (
    <Select
      label="Extends"
      description="What it says holds where the profile is silent."
      placeholder="nothing"
      data={isOther ? [...shipped, { value, label: value }] : shipped}
      value={value}
      onChange={onChange}
      clearable
      clearButtonProps={{ 'aria-label': 'Extend nothing' }}
      disabled={disabled}
    />
  )
}
