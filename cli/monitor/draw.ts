import { render, useInput, useWindowSize } from 'ink'
import { createElement as h, type ReactNode } from 'react'
import type { MonitorScreen } from '../world.ts'
import { Dashboard } from './dashboard.ts'
import { type Monitor, NOTHING_SEEN } from './model.ts'

type Props = { readonly monitor: Monitor; readonly nowMs: number; readonly onQuit: () => void }

const Screen = ({ monitor, nowMs, onQuit }: Props): ReactNode => {
  const { columns } = useWindowSize()
  useInput((input, key) => {
    if (input === 'q' || key.escape || (key.ctrl && input === 'c')) onQuit()
  })
  return h(Dashboard, { monitor, nowMs, columns })
}

/** Takes this terminal's other screen for the dashboard until `close`, which gives the first one back as it was. */
export const openMonitorScreen = (onQuit: () => void): MonitorScreen => {
  const screen = (monitor: Monitor): ReactNode => h(Screen, { monitor, nowMs: Date.now(), onQuit })
  const app = render(screen(NOTHING_SEEN), { alternateScreen: true, exitOnCtrlC: false, maxFps: 10 })
  return {
    show: (monitor) => app.rerender(screen(monitor)),
    close: async () => {
      app.unmount()
      await app.waitUntilExit()
    },
  }
}
