import { readFileSync } from 'node:fs'
import { expect, type Page } from '@playwright/test'
import { MoleError } from '../contract/errors.ts'
import type { Scenario } from './support/fake-engine.ts'
import type { FakePanel } from './support/fake-panel.ts'
import { connectedView, planOf } from './support/fake-views.ts'
import { beginDark, expectAccessibleInBothLooks, keepPicture } from './support/look.ts'
import { addLines, PROFILES, row, showText, test } from './support/profile-pages.ts'

/** Profiles in the panel, before an engine of cardboard. */

test('a mistake is shown at its very words, and leads there', async ({ page, open }) => {
  await open('/profiles/beamline-7')
  const editor = await showText(page)
  await addLines(page, 'tunnel:\n  mtuu: 1400\n')
  const problems = page.getByRole('region', { name: 'Problems' })
  await expect(problems).toContainText('tunnel.mtuu is not a key of the configuration. Did you mean "mtu"?')
  await expect(editor.locator('.cm-lintRange-error')).toHaveText('mtuu')
  await page.getByRole('tab', { name: 'Form' }).click()
  await problems.getByRole('button', { name: 'line 5, column 3' }).click()
  await expect(editor).toBeFocused()
  await page.keyboard.insertText('mtu')
  await expect(problems).toBeHidden()
  await expect(page.getByRole('region', { name: 'What it makes' })).toContainText('1400 bytes')
})

test('a text editor that does not come is told of, and comes when it can', async ({ page, open }) => {
  await open('/profiles/dtn')
  await page.getByLabel('MTU', { exact: true }).fill('1400')
  await page.route('**/YamlEditor*', (route) => route.abort())
  await page.getByRole('tab', { name: 'YAML' }).click()
  await expect(page.getByRole('alert')).toContainText('The text editor could not be loaded.')
  await page.unroute('**/YamlEditor*')
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('textbox', { name: 'Profile as YAML' })).toContainText('mtu: 1400')
})

test('rules over several keys are judged by the engine, and what is saved with problems cannot be connected', async ({
  page,
  open,
}) => {
  await open('/profiles/beamline-7')
  await page.getByLabel('Min tunnels').fill('6')
  await expect(page.getByRole('region', { name: 'Problems' })).toContainText('is not from tunnel.min_tunnels (6)')
  await expect(page.getByRole('region', { name: 'What it makes' })).toContainText('not be connected')
  await page.getByRole('button', { name: 'Save with problems' }).click()
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Connect', exact: true })).toBeDisabled()
})

test('the form keeps comments; an empty field inherits again', async ({ page, open }) => {
  await open('/profiles/dtn')
  await page.getByLabel('MTU', { exact: true }).fill('1400')
  await page.getByLabel('Base CIDR').fill('10.90.0.0/16')
  const editor = await showText(page)
  await expect(editor).toContainText('# Agreed with the network group, March')
  await expect(editor).toContainText('mtu: 1400  # VLAN on the way')
  await expect(editor).toContainText('10.90.0.0/16')
  await page.getByRole('tab', { name: 'Form' }).click()
  await page.getByLabel('MTU', { exact: true }).fill('')
  await page.getByLabel('Base CIDR').fill('')
  await showText(page)
  await expect(editor).not.toContainText('mtu')
  await expect(editor).not.toContainText('tunnel')
})

test('keys without effect in this version are folded away, and said to be', async ({ page, open }) => {
  await open('/profiles/beamline-7')
  await page.getByText(/^Kept for later versions/).click()
  await page.getByRole('combobox', { name: 'Enable SR-IOV' }).click()
  await page.getByRole('option', { name: 'true' }).click()
  await expect(page.getByRole('region', { name: 'What it makes' })).toContainText('optimization.enable_sriov')
})

test('the text editor completes keys, undoes, saves by Ctrl+S and lets Tab out', async ({ page, open }) => {
  const { engine } = await open('/profiles/beamline-7')
  const editor = await showText(page)
  await page.keyboard.press('Control+End')
  await page.keyboard.type('mpt')
  await page.getByRole('option', { name: /mptcp/ }).waitFor()
  await page.waitForTimeout(200)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('option', { name: /scheduler/ })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.type('enable: true')
  await expect(editor).toContainText('mptcp:')
  await expect(page.getByText('Unsaved changes')).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+s')
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  expect(engine.profiles.textOf('beamline-7')).toBe(`${PROFILES['beamline-7']}mptcp:\n  enable: true`)
  while (await page.getByText('Saved', { exact: true }).isVisible()) await page.keyboard.press('Control+z')
  await page.keyboard.press('Tab')
  await expect(editor).not.toBeFocused()
})

test('what another program writes appears at once where nothing was changed', async ({ page, open }) => {
  const { engine } = await open('/profiles/beamline-7')
  const editor = await showText(page)
  engine.profiles.put('beamline-7', 'description: Moved to hall 3\n')
  await expect(editor).toContainText('Moved to hall 3')
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
})

test('what a profile makes is asked anew when another one changes', async ({ page, open }) => {
  const { engine } = await open('/profiles/beamline-7')
  await expect(page.getByRole('region', { name: 'What it makes' })).toContainText('4 tunnels')
  const check = engine.handlers['config.check']
  let isParentNew = false
  Object.assign(engine.handlers, {
    'config.check': async (...given: Parameters<typeof check>) => {
      const answer = await check(...given)
      return isParentNew && answer.plan !== null ? { ...answer, plan: { ...answer.plan, tunnels: 7 } } : answer
    },
  })
  isParentNew = true
  engine.profiles.put('dtn', 'deployment:\n  tunnels: 7\n')
  await expect(page.getByRole('region', { name: 'What it makes' })).toContainText('7 tunnels')
})

test('two writers: neither text is lost, and theirs is overwritten only after it was seen', async ({ page, open }) => {
  const { engine } = await open('/profiles/beamline-7')
  const editor = await showText(page)
  await addLines(page, '# mine\n')
  engine.profiles.put('beamline-7', 'description: theirs\n')
  const note = page.getByRole('alert')
  await expect(note).toContainText('Somebody else saved this profile')
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeDisabled()
  await note.getByRole('button', { name: 'Compare both' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('figure', { name: /Saved by somebody else/ })).toContainText('description: theirs')
  await expect(dialog.getByRole('figure', { name: /Yours/ })).toContainText('# mine')
  await keepPicture(page, 'profile-conflict')
  await dialog.getByRole('button', { name: 'Go on from theirs' }).click()
  await expect(editor).toContainText('theirs')
  await page.getByText('Your text from before is kept here').click()
  await expect(page.getByRole('figure', { name: /Yours/ })).toContainText('# mine')

  await editor.click()
  await addLines(page, '# mine again\n')
  engine.profiles.put('beamline-7', 'description: theirs again\n')
  await note.getByRole('button', { name: 'Compare both' }).click()
  await dialog.getByRole('button', { name: 'Overwrite theirs with mine' }).click()
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  expect(engine.profiles.textOf('beamline-7')).toBe('description: theirs\n# mine again\n')
})

test('changes taken back beside another writer leave what is saved, not what was', async ({ page, open }) => {
  const { engine } = await open('/profiles/beamline-7')
  await page.getByLabel('Description').fill('mine')
  engine.profiles.put('beamline-7', 'description: theirs\n')
  await expect(page.getByRole('alert')).toContainText('Somebody else saved this profile')
  await page.getByRole('button', { name: 'Discard' }).click()
  await expect(page.getByLabel('Description')).toHaveValue('theirs')
})

test('a save that is slow is made once, and what it replaced can come back', async ({ page, open }) => {
  const { engine } = await open('/profiles/beamline-7')
  const write = engine.handlers['profiles.write']
  let [begun, answered] = [0, 0]
  Object.assign(engine.handlers, {
    'profiles.write': async (...given: Parameters<typeof write>) => {
      begun += 1
      await page.waitForTimeout(200)
      const answer = await write(...given)
      // Told of before it is answered.
      await page.waitForTimeout(200)
      answered += 1
      return answer
    },
  })
  await page.getByLabel('Description').fill('mine')
  await page.keyboard.press('Control+s')
  await page.keyboard.press('Control+s')
  await expect.poll(() => answered).toBe(1)
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  await expect(page.getByRole('alert')).toHaveCount(0)
  expect(begun).toBe(1)
  engine.profiles.put('beamline-7', PROFILES['beamline-7'])
  await expect(page.getByLabel('Description')).toHaveValue('Nightly transfers of beamline 7')
})

test('a refusal to connect, or to save again what is gone, is told where it was asked', async ({ page, open }) => {
  const { engine } = await open('/profiles/beamline-7')
  const refuse = (message: string) => () => Promise.reject(new MoleError('conflict', message))
  Object.assign(engine.handlers, {
    'deployment.connect': refuse('Another window is connecting.'),
    'profiles.create': refuse('Another window saves it.'),
  })
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await expect(page.getByText('Another window is connecting.')).toBeVisible()
  engine.profiles.put('beamline-7', null)
  await page.getByRole('button', { name: 'Save it again' }).click()
  await expect(page.getByText('Another window saves it.')).toBeVisible()
})

test('unsaved changes are not left behind without a question', async ({ page, open }) => {
  const { engine } = await open()
  await page.getByRole('link', { name: 'beamline-7', exact: true }).click()
  await page.getByLabel('Description').fill('Changed')
  await page.getByRole('navigation').getByRole('link', { name: 'Overview' }).click()
  const question = page.getByRole('dialog', { name: 'Leave with unsaved changes?' })
  await question.getByRole('button', { name: 'Stay' }).click()
  await expect(page.getByLabel('Description')).toHaveValue('Changed')
  await page.goBack()
  await expect(question).toBeVisible()
  await expect(page).toHaveURL(/#\/profiles\/beamline-7$/)
  await question.getByRole('button', { name: 'Save and leave' }).click()
  await expect(page.getByRole('table', { name: 'Profiles' })).toContainText('Changed')
  expect(engine.profiles.textOf('beamline-7')).toContain('description: Changed')

  await page.getByRole('link', { name: 'beamline-7', exact: true }).click()
  await page.getByLabel('Description').fill('Changed again')
  await page.keyboard.press('Alt+1')
  await question.getByRole('button', { name: 'Discard changes' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible()
  expect(engine.profiles.textOf('beamline-7')).not.toContain('again')
})

test('one that is new, or has a new name, is never called missing; one that is, is', async ({ page, open }) => {
  await open()
  await page.evaluate(() => {
    const heading = (): string => document.querySelector('h1')?.textContent ?? ''
    const seen = new Set<string>()
    new MutationObserver(() => {
      seen.add(heading())
      document.body.dataset.seen = [...seen].join()
    }).observe(document.querySelector('main') ?? document.body, { subtree: true, childList: true })
  })
  const dialog = page.getByRole('dialog')
  await page.getByRole('button', { name: 'New profile' }).click()
  await dialog.getByLabel('Name').fill('hall-3')
  await dialog.getByRole('button', { name: 'Create and edit' }).click()
  await page.getByRole('button', { name: 'More for hall-3' }).click()
  await page.getByRole('menuitem', { name: 'Rename…' }).click()
  await dialog.getByLabel('Name').fill('hall-4')
  await dialog.getByRole('button', { name: 'Rename' }).click()
  await expect(page.getByRole('button', { name: 'More for hall-4' })).toBeVisible()
  expect(await page.evaluate(() => document.body.dataset.seen)).not.toContain('No such profile')
  await page.evaluate(() => location.assign('#/profiles/never-made'))
  await expect(page.getByText('There is no profile “never-made”')).toBeVisible()
})

test('long words break where they are shown', async ({ page, open }) => {
  const name = 'a'.repeat(63)
  const profiles = { [name]: `description: ${'b'.repeat(200)}\n` }
  await open('/profiles', { profiles, view: { ...connectedView(planOf(4), Date.now()), profile: name } })
  for (const hash of ['/profiles', `/profiles/${name}`, '/']) {
    await page.evaluate((to) => location.assign(`#${to}`), hash)
    const words = page.getByRole('main').getByText(/a{63}|b{200}/)
    await expect(words.first()).toBeVisible()
    const wide = await words.evaluateAll(
      (found) => found.filter((each) => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0).length,
    )
    expect(wide, hash).toBe(0)
  }
})

test('a check that is refused says so', async ({ page, open }) => {
  const { engine } = await open('/profiles/beamline-7')
  const refuse = () => Promise.reject(new MoleError('bad-input', 'No check today.'))
  Object.assign(engine.handlers, { 'config.check': refuse })
  await page.getByLabel('Description').fill('mine')
  await expect(page.getByRole('region', { name: 'What it makes' })).toContainText('No check today.')
})

test('unsaved changes stay in sight when the engine does not let this tab in again', async ({ page, open }) => {
  const panel = await open('/profiles/beamline-7')
  await page.getByLabel('Description').fill('mine')
  await page.evaluate(() => sessionStorage.clear())
  panel.cut()
  await expect(page.getByRole('alert')).toContainText('does not open the panel any more')
  await expect(page.getByLabel('Description')).toHaveValue('mine')
  await page.getByRole('button', { name: 'Discard' }).click()
  await expect(page.getByRole('heading', { name: 'This address does not open the panel' })).toBeVisible()
})

test('renamed, duplicated, exported, deleted, restored', async ({ page, open }) => {
  await open('/profiles/dtn')
  const choose = async (name: string, item: string): Promise<void> => {
    await page.getByRole('button', { name: `More for ${name}` }).click()
    await page.getByRole('menuitem', { name: item }).click()
  }
  const dialog = page.getByRole('dialog')
  await choose('dtn', 'Rename…')
  await dialog.getByLabel('Name').fill('Node A')
  await expect(dialog.getByText(/lower-case letters, digits/i).last()).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Rename' })).toBeDisabled()
  await dialog.getByLabel('Name').fill('beamline-7')
  await expect(dialog.getByText('There is a profile of that name already.')).toBeVisible()
  await dialog.getByLabel('Name').fill('node-a')
  await dialog.getByRole('button', { name: 'Rename' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'node-a' })).toBeVisible()

  await page.getByRole('navigation').getByRole('link', { name: 'Profiles' }).click()
  await choose('node-a', 'Duplicate…')
  await dialog.getByRole('button', { name: 'Duplicate' }).click()
  await expect(row(page, 'node-a-2')).toBeVisible()

  const download = page.waitForEvent('download')
  await choose('node-a-2', 'Export as YAML')
  expect((await download).suggestedFilename()).toBe('node-a-2.yaml')
  expect(readFileSync(await (await download).path(), 'utf8')).toBe(PROFILES.dtn)

  await choose('node-a-2', 'Delete…')
  await expect(dialog).toContainText('node-a-2.yaml.bak')
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await expect(row(page, 'node-a-2')).toBeHidden()

  await page.evaluate(() => location.assign('#/profiles/beamline-7'))
  await page.getByLabel('Description').fill('Changed')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await choose('beamline-7', 'Restore backup…')
  await dialog.getByRole('button', { name: 'Restore' }).click()
  await expect(page.getByLabel('Description')).toHaveValue('Nightly transfers of beamline 7')
})

test('a file is imported under a name; a wg-quick file is refused as such', async ({ page, open }) => {
  const { engine } = await open()
  const pick = (name: string, text: string): Promise<void> =>
    page.locator('input[type="file"]').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })
  await pick('wg0.conf', '[Interface]\nPrivateKey = x\n')
  await expect(page.getByRole('alert')).toContainText('wg0.conf is a wg-quick file')
  // The same file, mended, can be picked again.
  await expect(page.locator('input[type="file"]')).toHaveValue('')
  await pick('Hall 3.yaml', 'tunnel:\n  mtuu: 1\n')
  const dialog = page.getByRole('dialog', { name: 'Import a profile' })
  await expect(dialog.getByLabel('Name')).toHaveValue('hall-3')
  await expect(dialog).toContainText('It has 1 problem.')
  await dialog.getByRole('button', { name: 'Import' }).click()
  await expect(page.getByRole('textbox', { name: 'Profile as YAML' })).toContainText('mtuu')
  expect(engine.profiles.textOf('hall-3')).toBe('tunnel:\n  mtuu: 1\n')
})

test('one that vanishes while it is open can be saved again', async ({ page, open }) => {
  const { engine } = await open('/profiles/beamline-7')
  await page.getByLabel('Description').fill('Changed')
  engine.profiles.put('beamline-7', null)
  await expect(page.getByRole('alert')).toContainText('no profile “beamline-7” any more')
  await page.getByRole('button', { name: 'Save it again' }).click()
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  expect(engine.profiles.textOf('beamline-7')).toContain('description: Changed')
})

test('what is up without a profile is saved as one, without what holds anyway', async ({ page, open }) => {
  const { engine } = await open('/', { view: connectedView(planOf(3), Date.now()) })
  const card = page.getByRole('region', { name: 'Connection' })
  await card.getByRole('button', { name: 'Save as profile…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Save this deployment as a profile' })
  await dialog.getByLabel('Name').fill('dtn')
  await expect(dialog.getByText('There is a profile of that name already.')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Save profile' })).toBeDisabled()
  await dialog.getByLabel('Name').fill('hall-3')
  await dialog.getByLabel('Description').fill('Three to hall 3')
  await dialog.getByRole('button', { name: 'Save profile' }).click()
  await expect(page.getByText('mole connect hall-3')).toBeVisible()
  await expect(card.getByRole('button', { name: 'Save as profile…' })).toBeHidden()
  const text = engine.profiles.textOf('hall-3')
  expect(text).toContain('description: Three to hall 3')
  expect(text).toContain('tunnels: 3')
  expect(text).not.toContain('mtu')
})

test('a file that held no text is told of, and its backup brought back', async ({ page, open }) => {
  const { engine } = await open('/profiles', { damaged: { 'hall-3': 'description: Hall 3\n', lost: null } })
  const [hall, lost] = [
    page.getByRole('alert').filter({ hasText: 'hall-3' }),
    page.getByRole('alert').filter({ hasText: 'lost' }),
  ]
  await expect(lost).toContainText('/lost.yaml.damaged-')
  await expect(lost.getByRole('button')).toHaveCount(0)
  await hall.getByRole('button', { name: 'Restore “hall-3”' }).click()
  await expect(row(page, 'hall-3')).toContainText('Hall 3')
  await expect(hall).toBeHidden()
  expect(engine.profiles.textOf('hall-3')).toBe('description: Hall 3\n')
})

test('on Overview the profile connected last is chosen, and another can be', async ({ page, open }) => {
  const { engine } = await open('/', { lastConnectedAtMs: { dtn: Date.now() - 60_000 } })
  const choice = page.getByRole('combobox', { name: 'Profile' })
  await expect(choice).toHaveValue('dtn')
  await choice.click()
  await expect(page.getByRole('option')).toHaveText(['dtn', 'beamline-7'])
  await page.getByRole('option', { name: 'beamline-7' }).click()
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await expect(page.getByRole('region', { name: 'Connection' })).toContainText('beamline-7')
  expect(engine.view.get().profile).toBe('beamline-7')
})

const connected = () => ({ ...connectedView(planOf(4), Date.now()), profile: 'beamline-7' })

const YESTERDAY = Date.now() - 86_400_000

type State = {
  readonly hash?: string
  readonly scenario?: Scenario
  readonly picture?: string
  readonly act?: (page: Page, panel: FakePanel) => Promise<unknown>
}

/** Every state that looks different. */
const PAGES: Readonly<Record<string, State>> = {
  'the list': {
    scenario: { view: connected(), lastConnectedAtMs: { 'beamline-7': Date.now(), dtn: YESTERDAY } },
    picture: 'profiles',
  },
  'no profiles': { scenario: { profiles: {} } },
  damaged: { scenario: { damaged: { 'hall-3': 'description: Hall 3\n', lost: null } } },
  'ready to connect': { hash: '/', scenario: { lastConnectedAtMs: { dtn: YESTERDAY } }, picture: 'ready-to-connect' },
  'to be saved': {
    hash: '/',
    scenario: { view: connectedView(planOf(3), Date.now()) },
    act: (page) => page.getByRole('button', { name: 'Save as profile…' }).click(),
  },
  'a new one': { act: (page) => page.getByRole('button', { name: 'New profile' }).click() },
  'its menu': { act: (page) => page.getByRole('button', { name: 'More for dtn' }).click() },
  'wg-quick files': {
    scenario: { view: connected() },
    act: (page) => page.getByRole('button', { name: 'wg-quick files…' }).click(),
  },
  'the form': { hash: '/profiles/dtn', act: (page) => page.getByText(/^Kept for later versions/).click() },
  'the text': { hash: '/profiles/dtn', act: showText },
  'two writers': {
    hash: '/profiles/beamline-7',
    act: async (page, { engine }) => {
      await showText(page)
      await addLines(page, '# mine\n')
      engine.profiles.put('beamline-7', 'description: theirs\n')
      await page.getByRole('button', { name: 'Compare both' }).click()
    },
  },
  'problems and completion': {
    hash: '/profiles/home-office',
    picture: 'profile-text',
    act: async (page) => {
      await showText(page)
      await addLines(page, '  ')
      await page.keyboard.press('Control+Space')
      await page.getByRole('option', { name: /min_tunnels/ }).waitFor()
    },
  },
  'the search': {
    hash: '/profiles/dtn',
    act: async (page) => {
      await showText(page)
      await page.keyboard.press('Control+f')
      await page.keyboard.type('tun')
    },
  },
}

for (const [name, { hash, scenario, picture, act }] of Object.entries(PAGES))
  test(`axe finds nothing: ${name}`, async ({ page, open }) => {
    await beginDark(page)
    const panel = await open(hash, scenario)
    await act?.(page, panel)
    await page.waitForTimeout(300)
    await expectAccessibleInBothLooks(page, picture)
  })
