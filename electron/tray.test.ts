import { describe, expect, it } from 'vitest'
import type { DeploymentView } from '../contract/app.ts'
import { DeploymentPlan } from '../domain/tunnel-plan.ts'
import { openTray, type TrayItem, trayMenu } from './tray.ts'

const PLAN = DeploymentPlan.parse({ tunnels: 3 })

const view = (phase: DeploymentView['phase'], plan: DeploymentPlan | null = PLAN): DeploymentView => ({
  phase,
  id: null,
  plan,
  createdAtMs: null,
  connectedAtMs: null,
  bastions: [],
  tunnels: [],
  act: null,
  problem: null,
})

const recording = () => {
  const done: unknown[] = []
  const actions = {
    showPanel: () => void done.push('show'),
    connect: (plan: DeploymentPlan) => void done.push(['connect', plan.tunnels]),
    disconnect: () => void done.push('disconnect'),
    quit: () => void done.push('quit'),
  }
  return { done, actions }
}

const press = (items: readonly TrayItem[], label: string): void => {
  const item = items.find((each) => each.label === label)
  expect(item?.enabled).not.toBe(false)
  item?.click?.()
}

describe('the tray menu', () => {
  it('says what is, and offers to disconnect what is up', () => {
    for (const phase of ['connected', 'degraded', 'detached', 'failed'] as const) {
      const { done, actions } = recording()
      const items = trayMenu(view(phase), PLAN, actions)
      expect(items[0]?.label).toContain('lab, 3 tunnels')
      press(items, 'Disconnect')
      expect(done).toEqual(['disconnect'])
    }
  })

  it('opens the wizard to connect first, and makes the same plan again later', () => {
    const { done, actions } = recording()
    press(trayMenu(view('none', null), null, actions), 'Connect…')
    press(trayMenu(view('none', null), PLAN, actions), 'Connect')
    expect(done).toEqual(['show', ['connect', 3]])
  })

  it('offers no second act while one goes on, or before anything is known', () => {
    for (const state of [view('deploying'), view('tearing-down'), null])
      expect(trayMenu(state, PLAN, recording().actions).find(({ label }) => label === 'Connect')?.enabled).toBe(false)
  })

  it('always opens the panel and quits', () => {
    const { done, actions } = recording()
    press(trayMenu(null, null, actions), 'Open panel')
    press(trayMenu(null, null, actions), 'Quit Cloud Mole')
    expect(done).toEqual(['show', 'quit'])
  })
})

describe('the tray', () => {
  it('follows the deployment, remembers its plan, and is not redrawn for nothing', () => {
    const tips: string[] = []
    const menus: (readonly TrayItem[])[] = []
    const { done, actions } = recording()
    let click = (): void => {}
    const icon = {
      setToolTip: (text: string) => void tips.push(text),
      setMenu: (items: readonly TrayItem[]) => void menus.push(items),
      on: (_event: 'click', listener: () => void) => {
        click = listener
      },
    }
    const { show } = openTray(icon, actions)
    show(view('connected'))
    show(view('connected'))
    show(view('none', null))
    click()
    expect(tips).toEqual([
      'Cloud Mole: Looking for the engine…',
      'Cloud Mole: Connected: lab, 3 tunnels',
      'Cloud Mole: Not connected',
    ])
    press(menus.at(-1) ?? [], 'Connect')
    expect(done).toEqual(['show', ['connect', 3]])
  })
})
