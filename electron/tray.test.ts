import { describe, expect, it } from 'vitest'
import type { DeploymentView, ProfileSummary } from '../contract/app.ts'
import { DeploymentPlan } from '../domain/tunnel-plan.ts'
import { openTray, type TrayActions, type TrayItem, trayMenu } from './tray.ts'

const PLAN = DeploymentPlan.parse({ tunnels: 3 })

const view = (phase: DeploymentView['phase'], plan: DeploymentPlan | null = PLAN): DeploymentView => ({
  phase,
  id: null,
  plan,
  profile: null,
  createdAtMs: null,
  connectedAtMs: null,
  bastions: [],
  tunnels: [],
  resources: [],
  drift: [],
  money: null,
  act: null,
  problem: null,
})

const profile = (
  name: string,
  lastConnectedAtMs: number | null = null,
  plan: DeploymentPlan | null = PLAN,
): ProfileSummary => ({
  name,
  description: null,
  extends: null,
  revision: '0'.repeat(64),
  modifiedAtMs: 0,
  lastConnectedAtMs,
  plan,
  problems: [],
  notInForce: [],
  hasBackup: false,
})

const menu = (
  deployment: DeploymentView | null,
  lastPlan: DeploymentPlan | null,
  actions: TrayActions,
  profiles: readonly ProfileSummary[] = [],
): TrayItem[] => trayMenu({ view: deployment, lastPlan, profiles }, actions)

const recording = () => {
  const done: unknown[] = []
  const actions = {
    showPanel: () => void done.push('show'),
    connectProfile: (name: string) => void done.push(['profile', name]),
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
      const items = menu(view(phase), PLAN, actions)
      expect(items[0]?.label).toContain('lab, 3 tunnels')
      press(items, 'Disconnect')
      expect(done).toEqual(['disconnect'])
    }
  })

  it('opens the wizard to connect first, and makes the same plan again later', () => {
    const { done, actions } = recording()
    press(menu(view('none', null), null, actions), 'Connect…')
    press(menu(view('none', null), PLAN, actions), 'Connect')
    expect(done).toEqual(['show', ['connect', 3]])
  })

  it('offers no second act while one goes on, or before anything is known', () => {
    for (const state of [view('deploying'), view('tearing-down'), null])
      expect(menu(state, PLAN, recording().actions).find(({ label }) => label === 'Connect')?.enabled).toBe(false)
  })

  it('connects saved profiles: the last one at once, the others below it', () => {
    const { done, actions } = recording()
    const profiles = [
      profile('a'),
      profile('never'),
      profile('last', 9),
      profile('before', 3),
      profile('broken', 10, null),
    ]
    const items = menu(view('none', null), PLAN, actions, profiles)
    press(items, 'Connect last')
    const others = items.find(({ label }) => label === 'Connect another')?.submenu ?? []
    expect(others.map(({ label }) => label)).toEqual(['before', 'a', 'never'])
    press(others, 'a')
    expect(done).toEqual([
      ['profile', 'last'],
      ['profile', 'a'],
    ])
    expect(
      menu(view('deploying'), null, actions, profiles).some(({ enabled, submenu }) => enabled === true && submenu),
    ).toBe(false)
  })

  it('says which profile is up', () => {
    const [status] = menu({ ...view('connected'), profile: 'beamline-7' }, null, recording().actions)
    expect(status?.label).toBe('Connected: beamline-7, 3 tunnels')
  })

  it('always opens the panel and quits', () => {
    const { done, actions } = recording()
    press(menu(null, null, actions), 'Open panel')
    press(menu(null, null, actions), 'Quit Cloud Mole')
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
    const { show, showProfiles } = openTray(icon, actions)
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
    const before = menus.length
    showProfiles([profile('one')])
    showProfiles([{ ...profile('one'), modifiedAtMs: 5 }])
    expect(menus).toHaveLength(before + 1)
    press(menus.at(-1) ?? [], 'Connect one')
    expect(done.at(-1)).toEqual(['profile', 'one'])
  })
})
