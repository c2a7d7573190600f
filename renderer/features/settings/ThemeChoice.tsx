import { type MantineColorScheme, SegmentedControl, useMantineColorScheme } from '@mantine/core'
import { Panel } from '../../ui/Panel.tsx'
import css from './Settings.module.css'

const SCHEMES = [
  { value: 'auto', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
]

export const ThemeChoice = () => {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Panel title="Appearance">
      <p className={css.note}>Kept in this browser.</p>
      <SegmentedControl
        fullWidth
        aria-label="Colour scheme"
        data={SCHEMES}
        value={colorScheme}
        onChange={(value) => setColorScheme(value as MantineColorScheme)}
      />
    </Panel>
  )
}
