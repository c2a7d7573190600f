import { expect, type Page, test } from '@playwright/test'
import type { AppContract } from '../contract/app.ts'
import { MoleError } from '../contract/errors.ts'
import { AWS_TARGET, AWS_WITHOUT_CREDENTIALS, LAB_TARGET, someEvents } from './support/fake-answers.ts'
import { expiredLogin } from './support/fake-aws.ts'
import { FOUND_ADDRESS, LEFT_BEHIND, RESEARCH_VPC, SUBNETS } from './support/fake-aws-answers.ts'
import { awsPlanOf, awsView, withDrift, withoutBastion } from './support/fake-aws-views.ts'
import type { Scenario } from './support/fake-engine.ts'
import { type FakePanel, startFakePanel } from './support/fake-panel.ts'
import { IDLE_TRAFFIC } from './support/fake-views.ts'
import { beginDark, expectAccessible, expectAccessibleInBothLooks, keepPicture } from './support/look.ts'

/** AWS in the panel, before an engine of cardboard: what costs money at AWS costs nothing here. */

let panel: FakePanel | null = null
let complaints: string[] = []

test.beforeEach(({ page }) => {
  complaints = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
})

test.afterEach(async () => {
  await panel?.close()
  panel = null
  expect(complaints).toEqual([])
})

const open = async (page: Page, scenario: Scenario = {}, hash = ''): Promise<FakePanel> => {
  // What a scenario reckons anew each time is kept so.
  const both: Scenario = { targets: [LAB_TARGET, AWS_TARGET] }
  panel = await startFakePanel(Object.defineProperties(both, Object.getOwnPropertyDescriptors(scenario)))
  await page.goto(panel.link())
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  if (hash !== '') await page.evaluate((path) => location.assign(`#${path}`), hash)
  return panel
}

const toNetwork = async (page: Page): Promise<void> => {
  await page.getByRole('radio', { name: 'AWS' }).check()
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByRole('heading', { name: 'Which network?' })).toBeVisible()
}
const toCapacity = async (page: Page): Promise<void> => {
  await toNetwork(page)
  await page.getByRole('button', { name: 'Continue to capacity' }).click()
  await expect(page.getByRole('table', { name: 'Choices' })).toBeVisible()
}
const toSecurity = async (page: Page): Promise<void> => {
  await toCapacity(page)
  await page.getByRole('button', { name: 'Continue to security' }).click()
  await expect(page.getByText(FOUND_ADDRESS)).toBeVisible()
}
const toReview = async (page: Page): Promise<void> => {
  await toSecurity(page)
  await page.getByRole('button', { name: 'Continue to review' }).click()
  await expect(page.getByRole('table', { name: 'What will be made' })).toBeVisible()
}

/** What is refused until `mend` is called. */
const refusing = (name: keyof AppContract, error: MoleError) => {
  let refusals: Scenario['refusals'] = { [name]: error }
  return {
    scenario: {
      get refusals() {
        return refusals ?? {}
      },
    } as Scenario,
    mend: () => {
      refusals = {}
    },
    refuse: () => {
      refusals = { [name]: error }
    },
  }
}

const busy = () => ({
  ...IDLE_TRAFFIC,
  running: true,
  streams: 16,
  direction: 'upload' as const,
  startedAtMs: Date.now() - 12_000,
  latestBitsPerSecond: 734_000_000,
})

const standing = (bastions = 2, tunnels = 8, aws = {}) => awsView(awsPlanOf({ bastions, tunnels }, aws), Date.now())

test('from credentials to tunnels over AWS with the mouse: every choice is the person’s', async ({ page }) => {
  const { engine } = await open(page, {}, '/deploy')
  await toNetwork(page)
  await expect(page.getByText('arn:aws:iam::123456789012:user/ada')).toBeVisible()
  await page.getByRole('combobox', { name: 'Credentials' }).click()
  await page.getByRole('option', { name: 'research-aws' }).click()
  await expect(page.getByText('arn:aws:iam::123456789012:user/ada-research-aws')).toBeVisible()

  await page.getByRole('checkbox', { name: 'public-b' }).check()
  await page.getByRole('radio', { name: 'A part of it' }).check()
  await page.getByRole('textbox', { name: 'Network that is reached' }).fill('10.20.16.0/20')
  await page.getByRole('button', { name: 'Continue to capacity' }).click()

  await page.getByText('A rate', { exact: true }).click()
  await page.getByRole('textbox', { name: 'Rate' }).fill('8')
  await page.getByRole('row', { name: /c6gn\.large/ }).click()
  await expect(page.getByRole('radio', { name: /c6gn\.large/ })).toBeChecked()
  const bastions = await page.getByRole('textbox', { name: 'Bastions', exact: true }).inputValue()
  const tunnels = await page.getByRole('textbox', { name: 'Tunnels', exact: true }).inputValue()
  expect(Number(bastions)).toBeGreaterThan(1)
  await page.getByText('Spot', { exact: true }).click()
  await page.getByRole('button', { name: 'Continue to security' }).click()

  await page.getByRole('textbox', { name: 'Who is let in' }).fill('192.0.2.0/28')
  await page.getByRole('textbox', { name: 'Lease' }).fill('12')
  await page.getByRole('textbox', { name: 'Budget' }).fill('60')
  await page.getByRole('radio', { name: 'Take it away' }).check()
  await page.getByRole('button', { name: 'Continue to review' }).click()

  await expect(page.getByRole('table', { name: 'What will be made' })).toContainText('192.0.2.0/28 and nothing else')
  await expect(page.getByRole('table', { name: 'What will be made' })).toContainText(`b${bastions}`)
  await expect(page.getByRole('region', { name: 'Cost' })).toContainText('taken away when it is used up')
  await page.getByRole('button', { name: 'Deploy now' }).click()
  await expect(page.getByRole('heading', { name: 'What to do next' })).toBeVisible()

  expect(engine.view.get().plan).toMatchObject({
    target: 'aws',
    tunnels: Number(tunnels),
    bastions: Number(bastions),
    privateCidr: '10.20.16.0/20',
    aws: {
      profile: 'research-aws',
      vpcId: RESEARCH_VPC.id,
      subnetIds: [SUBNETS[1]],
      instanceTypes: ['c6gn.large'],
      market: 'spot',
      wholeVpc: false,
      sourceCidr: '192.0.2.0/28',
      leaseSeconds: 43_200,
      budgetUsd: 60,
      atBudget: 'shut-down',
    },
  })
})

test('from credentials to tunnels over AWS without a mouse', async ({ page }) => {
  const { engine } = await open(page, {}, '/deploy')
  await expect(page.getByRole('heading', { name: 'Where to?' })).toBeFocused()
  // The targets are asked for: Tab before the answer would go past them.
  await expect(page.getByRole('radio', { name: 'AWS' })).toBeVisible()
  await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('radio', { name: 'AWS' })).toBeChecked()
  await page.keyboard.press('Enter')

  await expect(page.getByRole('heading', { name: 'Which network?' })).toBeFocused()
  await expect(page.getByRole('checkbox', { name: 'public-a' })).toBeVisible()
  await page.getByRole('checkbox', { name: 'public-a' }).focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('Enter')

  await expect(page.getByRole('heading', { name: 'How much?' })).toBeFocused()
  await expect(page.getByRole('table', { name: 'Choices' })).toBeVisible()
  // What is recommended is chosen until somebody chooses.
  await expect(page.getByRole('radio', { name: /c6gn\.large/ })).toBeChecked()
  await page.getByRole('radio', { name: /c6gn\.large/ }).focus()
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('radio', { name: /c6gn\.medium/ })).toBeChecked()
  await page.keyboard.press('Enter')

  await expect(page.getByRole('heading', { name: 'Who may, and for how long?' })).toBeFocused()
  await page.getByRole('textbox', { name: 'Budget' }).focus()
  await page.keyboard.type('25')
  await page.keyboard.press('Enter')

  await expect(page.getByRole('heading', { name: 'Is this right?' })).toBeFocused()
  await page.getByRole('button', { name: 'Deploy now' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'What to do next' })).toBeVisible()
  expect(engine.view.get().plan?.aws).toMatchObject({ subnetIds: [SUBNETS[0]], budgetUsd: 25, wholeVpc: true })
})

test('AWS without credentials says how to log in, and is there as soon as one has', async ({ page }) => {
  let targets = [LAB_TARGET, AWS_WITHOUT_CREDENTIALS]
  await open(
    page,
    {
      get targets() {
        return targets
      },
    },
    '/deploy',
  )
  await expect(page.getByRole('radio', { name: 'AWS' })).toBeDisabled()
  await expect(page.getByText('aws sso login --profile NAME', { exact: true })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Copy the command' })).toBeVisible()
  targets = [LAB_TARGET, AWS_TARGET]
  await page.getByRole('button', { name: 'Look again' }).click()
  await expect(page.getByRole('radio', { name: 'AWS' })).toBeEnabled()
})

test('a subnet that no bastion can be reached in says why', async ({ page }) => {
  await open(page, {}, '/deploy')
  await toNetwork(page)
  await expect(page.getByRole('checkbox', { name: 'instruments' })).toBeDisabled()
  const table = page.getByRole('table', { name: 'Subnets' })
  await expect(table.getByRole('row', { name: /instruments/ })).toContainText('no route to an internet gateway')
  await expect(table.getByRole('row', { name: /public-full/ })).toContainText('no free address')
})

test('subnets without a name, as AWS makes them, stay within their card', async ({ page }) => {
  const subnets = RESEARCH_VPC.subnets.map((subnet) => ({ ...subnet, name: '', cidr: '172.131.116.0/20' }))
  await open(page, { vpcs: [{ ...RESEARCH_VPC, subnets }] }, '/deploy')
  await toNetwork(page)
  const table = page.getByRole('table', { name: 'Subnets' })
  await expect(table.getByRole('row', { name: /subnet-0cc11122233344455/ })).toContainText('no route to an internet')
  for (const width of [1280, 1024]) {
    await page.setViewportSize({ width, height: 900 })
    const ends = await page
      .getByRole('combobox', { name: /VPC|Region/ })
      .evaluateAll((boxes) => boxes.map((box) => Math.round(box.getBoundingClientRect().right)))
    expect(ends).toHaveLength(2)
    expect(ends[0]).toBe(ends[1])
  }
})

test('an address that cannot be found is asked for', async ({ page }) => {
  const lost = new MoleError('not-available', 'The public address of this host could not be found.')
  await open(page, { refusals: { 'deployment.review': lost } }, '/deploy')
  await toCapacity(page)
  await page.getByRole('button', { name: 'Continue to security' }).click()
  await expect(page.getByText(lost.message)).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'Who is let in' })).toHaveAttribute('placeholder', /^such as /)
  await expect(page.getByRole('button', { name: 'Continue to review' })).toBeDisabled()
  await page.getByRole('textbox', { name: 'Who is let in' }).fill('198.51.100.7/32')
  await expect(page.getByRole('button', { name: 'Continue to review' })).toBeEnabled()
})

test('a region without a VPC says what to do, and another region helps', async ({ page }) => {
  let vpcs: (typeof RESEARCH_VPC)[] = []
  await open(
    page,
    {
      get vpcs() {
        return vpcs
      },
    },
    '/deploy',
  )
  await toNetwork(page)
  await expect(page.getByText('There is no VPC in us-west-2')).toBeVisible()
  await expect(page.getByText('aws ec2 create-default-vpc --region us-west-2')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Continue to capacity' })).toBeDisabled()
  await expectAccessible(page)
  vpcs = [RESEARCH_VPC]
  await page.getByRole('combobox', { name: 'Region' }).click()
  await page.getByRole('option', { name: 'eu-west-1' }).click()
  await expect(page.getByRole('checkbox', { name: 'public-a' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Continue to capacity' })).toBeEnabled()
})

test('a login that expires on the way is told with the command that mends it, and nothing typed is lost', async ({
  page,
}) => {
  const expired = refusing('deployment.review', expiredLogin('research-aws'))
  expired.mend()
  await open(page, expired.scenario, '/deploy')
  await toSecurity(page)
  await page.getByRole('textbox', { name: 'Lease' }).fill('7')
  expired.refuse()
  await page.getByRole('button', { name: 'Continue to review' }).click()
  await expect(page.getByRole('alert')).toContainText('The AWS session has expired.')
  await expect(page.getByText('aws sso login --profile research-aws', { exact: true })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Deploy now' })).toBeDisabled()
  await expectAccessible(page)
  expired.mend()
  await page.getByRole('button', { name: 'Look again' }).click()
  await expect(page.getByRole('table', { name: 'What will be made' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Plan' })).toContainText('7 h without a tunnel')
})

test('a login that expires while it is made ends in what to do, and goes on from there', async ({ page }) => {
  const { code, message, data } = expiredLogin('research-aws')
  await open(page, { stepMs: 20, failAt: { step: 'launch-bastion', problem: { code, message, data } } }, '/deploy')
  await toReview(page)
  await page.getByRole('button', { name: 'Deploy now' }).click()
  await expect(page.getByRole('heading', { name: 'That did not work' })).toBeVisible()
  await expect(page.getByText('aws sso login --profile research-aws', { exact: true })).toBeVisible()
  await expect(page.getByRole('list', { name: 'Steps' })).toContainText('Prepare the cloud')
  await page.getByRole('link', { name: 'Change the plan' }).click()
  await expect(page.getByRole('heading', { name: 'Which network?' })).toBeVisible()
})

test('the planner follows the goal, tells what binds, and names where its numbers come from', async ({ page }) => {
  await open(page, {}, '/deploy')
  await toCapacity(page)
  await expect(page.getByRole('region', { name: 'Cost against finish time' })).toBeVisible()
  await page.getByRole('textbox', { name: 'Amount' }).fill('40')
  await page.getByRole('textbox', { name: 'Budget' }).fill('0.01')
  await expect(page.getByText('Nothing that the configuration allows surely carries 40 TB')).toBeVisible()
  await expect(page.getByRole('row', { name: /c6gn\.large/ })).toContainText('Over budget')
  await page.getByRole('textbox', { name: 'Amount' }).fill('')
  await expect(page.getByText('From 1 MB to 1000 PB.')).toBeVisible()
  await page.getByText('A rate', { exact: true }).click()
  await expect(page.getByRole('region', { name: 'Cost an hour against rate' })).toBeVisible()
  await page.getByText('Where these numbers come from').click()
  await expect(page.getByText('what one tunnel carries')).toBeVisible()
  await page.getByRole('button', { name: /^Show all \d+ types/ }).click()
  await expect(page.getByRole('row', { name: /c7gn\.16xlarge/ })).toBeVisible()
})

test('where no price is known it says so, and AWS can be asked', async ({ page }) => {
  await open(page, {}, '/deploy')
  await toNetwork(page)
  await page.getByRole('combobox', { name: 'Region' }).click()
  await page.getByRole('option', { name: 'eu-north-1' }).click()
  await expect(page.getByRole('checkbox', { name: 'public-a' })).toBeVisible()
  await page.getByRole('button', { name: 'Continue to capacity' }).click()
  await expect(page.getByText('No price of eu-north-1 is known')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Ask AWS for prices' }).click()
  await expect(page.getByRole('table', { name: 'Choices' })).toBeVisible()
  await expect(page.getByText('in a table of 2026-11-22')).toBeVisible()
})

test('the planner says what no figure holds: acknowledgements of an upload, and what Spot was', async ({ page }) => {
  await open(page, {}, '/deploy')
  await toCapacity(page)
  const notes = page.getByRole('note', { name: 'Not in these figures' })
  await page.getByRole('textbox', { name: 'Amount' }).fill('40')
  await page.getByRole('textbox', { name: 'Budget' }).fill('60')
  await expect(notes).toContainText(/acknowledge an upload leave AWS as data out: \$[\d.]+ to \$[\d.]+ here/)
  await expect(notes).toContainText('The budget holds them where it merges')
  await expect(notes).not.toContainText('Spot')
  await page.getByText('From AWS', { exact: true }).click()
  await expect(notes).toHaveCount(0)
  await page.getByText('To AWS', { exact: true }).click()
  await page.getByRole('button', { name: 'Ask AWS for prices' }).click()
  await expect(notes).toContainText('AWS may take a Spot instance away')
  await expect(page.getByRole('row', { name: /c6gn\.large/ })).toContainText(/\$0\.\d+Spot \$0\.\d+ – \$0\.\d+/)
  await expect(page.getByRole('row', { name: /c6gn\.medium/ })).not.toContainText('Spot')
  await expectAccessible(page)
})

test('numbers that do not go together are named at their fields', async ({ page }) => {
  await open(page, {}, '/deploy')
  await toCapacity(page)
  await page.getByRole('textbox', { name: 'Bastions', exact: true }).fill('5')
  await page.getByRole('textbox', { name: 'Tunnels', exact: true }).fill('8')
  await page.getByRole('button', { name: 'Continue to security' }).click()
  await expect(page.getByText('Needs 5 bastions, and at most 4 are allowed')).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'Bastions', exact: true })).toBeFocused()
  await page.getByRole('textbox', { name: 'Bastions', exact: true }).fill('2')
  await page.getByRole('button', { name: 'Continue to security' }).click()
  await expect(page.getByRole('radio', { name: 'Routes in the VPC' })).toBeDisabled()
  await page.getByRole('textbox', { name: 'Who is let in' }).fill('192.0.2.1/24')
  await page.getByRole('button', { name: 'Continue to review' }).click()
  await expect(page.getByRole('textbox', { name: 'Who is let in' })).toBeFocused()
  await expect(page.getByRole('textbox', { name: 'Who is let in' })).toHaveAttribute('aria-invalid', 'true')
})

test('the account check names the action that is missing; the policy can be read and copied', async ({ page }) => {
  await open(page, {}, '/deploy')
  await toSecurity(page)
  await page.getByRole('button', { name: 'Check the account' }).click()
  const checks = page.getByRole('list', { name: 'Checks' })
  await expect(checks.getByRole('listitem').first()).toContainText('ec2:TerminateInstances')
  await expect(page.getByText('5 things in order')).toBeVisible()
  await page.getByText('IAM policy: everything').click()
  await expect(page.getByRole('region', { name: 'IAM policy' })).toContainText('aws:ResourceTag/mole:deployment')
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('button', { name: 'Copy the policy' }).click()
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('"Version": "2012-10-17"')
})

test('the plan can be taken along as Terraform files', async ({ page }) => {
  await open(page, {}, '/deploy')
  await toReview(page)
  await page.getByRole('button', { name: 'Terraform files…' }).click()
  const dialog = page.getByRole('dialog', { name: 'The plan as Terraform files' })
  await dialog.getByText('main.tf').click()
  await expect(dialog.getByRole('region', { name: 'main.tf' })).toContainText('required_version')
  await expectAccessible(page)
  const download = page.waitForEvent('download')
  await dialog.getByRole('button', { name: 'Download variables.tf' }).click()
  expect((await download).suggestedFilename()).toBe('variables.tf')
})

test('overview tells machines, resources and money; slots need not be 1 to n', async ({ page }) => {
  await open(page, { view: standing(2, 6, { budgetUsd: 60 }), traffic: busy(), events: someEvents() })
  await expect(page.getByRole('table', { name: 'Tunnels' }).getByRole('rowheader')).toHaveText([
    'Bastion 1',
    'mole1',
    'mole2',
    'mole3',
    'Bastion 2',
    'mole9',
    'mole10',
    'mole11',
  ])
  await expect(page.getByRole('list', { name: 'Goodput by tunnel' }).getByRole('listitem')).toHaveCount(6)
  await expect(page.locator('[data-part="area"][data-slot="11"]')).toHaveAttribute('d', /^M/)
  await expect(page.getByRole('img', { name: /over 6 tunnels and 2 bastions/ })).toBeVisible()
  await expect(page.getByRole('list', { name: 'Bastions' })).toContainText('c6gn.large in us-west-2b, on demand')
  await expect(page.getByRole('table', { name: 'Cloud resources' })).toContainText('sg-0912f3e4d5c6b7a89')
  await page.getByRole('button', { name: 'What it costs in parts' }).click()
  await expect(page.getByRole('table', { name: 'What it costs' })).toContainText('public IPv4 addresses')
  await expect(page.getByText('AWS’s bill has the last word')).toBeVisible()
})

test('a bastion that is missing is shown, the others carry on, and it can be launched again', async ({ page }) => {
  const { engine } = await open(page, { view: withoutBastion(standing(3, 9), 2), traffic: busy(), stepMs: 20 })
  await expect(page.getByRole('region', { name: 'Connection' })).toContainText('6 of 9 tunnels')
  await expect(page.getByRole('img', { name: /^Tunnel map/ })).toHaveAccessibleName(/Bastion 2 is missing/)
  await expect(page.getByRole('list', { name: 'Bastions' })).toContainText('No machine runs it.')
  await page.getByRole('button', { name: 'Launch 1 bastion again' }).click()
  await expect.poll(() => engine.view.get().phase).toBe('connected')
  await expect(page.getByRole('table', { name: 'Tunnels' })).toContainText('mole9')
})

test('drift is an alert with what to do about it', async ({ page }) => {
  const { engine } = await open(page, { view: withDrift(standing()), traffic: busy(), stepMs: 20 })
  const drift = page.getByRole('alert', { name: 'Drift' })
  await expect(drift).toContainText('no longer lets in 198.51.100.2/32')
  await drift.getByRole('button', { name: 'Repair' }).click()
  await expect(drift).toBeHidden()
  expect(engine.view.get().plan).toEqual(standing().plan)
})

test('the budget is warned of in words and colour', async ({ page }) => {
  const view = standing(2, 8, { budgetUsd: 0.99, atBudget: 'shut-down' })
  await open(page, { view })
  await expect(page.getByRole('progressbar', { name: 'Budget used' })).toHaveAttribute('aria-valuenow', /^8\d/)
  await page.getByRole('button', { name: 'What it costs in parts' }).click()
  await expect(page.getByText(/8\d % of \$0\.99 is used\. At 100 % everything is taken away\./)).toBeVisible()
})

test('scaling tells what an hour will cost before it is done', async ({ page }) => {
  const { engine } = await open(page, { view: standing(1, 4), stepMs: 20 })
  await page.getByRole('link', { name: 'Scale' }).click()
  const cost = page.getByRole('row', { name: /Cost an hour/ })
  await expect(cost.getByRole('cell')).toHaveText([/^\$0\.092\d$/, /^\$0\.092\d$/])
  await page.getByRole('group', { name: 'Bastions' }).getByRole('radio', { name: '3' }).check()
  await page.getByRole('textbox', { name: 'Tunnels' }).fill('40')
  await expect(page.getByText('Must be from 1 to 32')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Change', exact: true })).toBeDisabled()
  await page.getByRole('textbox', { name: 'Tunnels' }).fill('12')
  await expect(cost.getByRole('cell')).toHaveText([/^\$0\.092\d$/, '$0.28'])
  await expect(page.getByRole('list', { name: 'What happens' })).toContainText('Bastions 2 and 3 are launched')
  await page.getByRole('button', { name: 'Change to 12 tunnels' }).click()
  await expect(page.getByRole('button', { name: 'Change', exact: true })).toBeDisabled()
  await page.keyboard.press('Alt+1')
  await expect(page.getByRole('list', { name: 'Bastions' }).getByRole('listitem')).toHaveCount(3)
  expect(engine.view.get().plan).toMatchObject({ tunnels: 12, bastions: 3 })
})

test('what other runs left is shown first, and taken away only when it is named again', async ({ page }) => {
  const ours = { ...LEFT_BEHIND[0], deployment: 'aws-3f9c2a', isOurs: true } as (typeof LEFT_BEHIND)[number]
  await open(page, { leftBehind: [ours, ...LEFT_BEHIND] }, '/settings')
  await page.getByRole('button', { name: 'Look for it' }).click()
  const found = page.getByRole('list', { name: 'Deployments found' })
  await expect(found).toContainText('i-0aa99887766554433')
  await expect(found.getByRole('checkbox', { name: 'aws-3f9c2a' })).toBeDisabled()
  await expect(page.getByRole('button', { name: 'Remove what is chosen…' })).toBeDisabled()
  await found.getByRole('checkbox', { name: 'aws-1b77e0' }).check()
  await page.getByRole('button', { name: 'Remove what is chosen…' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('button', { name: 'Keep them' })).toBeFocused()
  await expectAccessible(page)
  await keepPicture(page, 'settings-aws-sweep')
  await dialog.getByRole('button', { name: 'Remove aws-1b77e0' }).click()
  await expect(dialog).toContainText('Nothing with these tags is left.')
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await expect(page.getByText('1 deployment found.')).toBeVisible()
})

/** Every page of AWS in every state that looks different. */
const PAGES: Record<string, { scenario?: () => Scenario; hash?: string; act?: (page: Page) => Promise<void> }> = {
  'deploy-aws-unavailable': { scenario: () => ({ targets: [LAB_TARGET, AWS_WITHOUT_CREDENTIALS] }), hash: '/deploy' },
  'deploy-aws-target': { hash: '/deploy', act: (page) => page.getByRole('radio', { name: 'AWS' }).check() },
  'deploy-aws-network': { hash: '/deploy', act: toNetwork },
  'deploy-aws-expired': {
    scenario: () => ({ refusals: { 'aws.identity': expiredLogin('research-aws') } }),
    hash: '/deploy',
    act: toNetwork,
  },
  'deploy-aws-capacity': {
    hash: '/deploy',
    act: async (page) => {
      await toCapacity(page)
      await page.getByRole('textbox', { name: 'Budget' }).fill('60')
      await page.getByRole('row', { name: /c6gn\.large/ }).click()
    },
  },
  'deploy-aws-security': {
    hash: '/deploy',
    act: async (page) => {
      await toSecurity(page)
      await page.getByRole('textbox', { name: 'Budget' }).fill('60')
      await page.getByRole('button', { name: 'Check the account' }).click()
      await expect(page.getByRole('list', { name: 'Checks' })).toBeVisible()
    },
  },
  'deploy-aws-review': { hash: '/deploy', act: toReview },
  'deploy-aws-progress': {
    scenario: () => ({ stallAt: 'await-keys' }),
    hash: '/deploy',
    act: async (page) => {
      await toReview(page)
      await page.getByRole('button', { name: 'Deploy now' }).click()
      await expect(page.getByRole('list', { name: 'Steps' })).toContainText('Launch the bastion')
    },
  },
  'overview-aws': {
    scenario: () => ({ view: standing(2, 8, { budgetUsd: 60 }), traffic: busy(), events: someEvents() }),
  },
  'overview-aws-many': {
    scenario: () => ({ view: standing(4, 32, { market: 'spot' }), traffic: busy(), events: someEvents() }),
  },
  'overview-aws-missing': {
    scenario: () => ({ view: withoutBastion(standing(3, 9), 2), traffic: busy(), events: someEvents() }),
  },
  'overview-aws-drift': {
    scenario: () => ({ view: withDrift(standing(2, 8, { budgetUsd: 0.99 })), traffic: busy(), events: someEvents() }),
  },
  'overview-aws-cost': {
    scenario: () => ({ view: standing(2, 8, { budgetUsd: 0.99 }), traffic: busy(), events: someEvents() }),
    act: (page) => page.getByRole('button', { name: 'What it costs in parts' }).click(),
  },
  'settings-aws': {
    hash: '/settings',
    act: async (page) => {
      await page.getByRole('button', { name: 'Look for it' }).click()
      await expect(page.getByRole('list', { name: 'Deployments found' })).toBeVisible()
    },
  },
}

for (const [name, { scenario, hash, act }] of Object.entries(PAGES))
  test(`axe finds nothing: ${name}`, async ({ page }) => {
    await beginDark(page)
    await open(page, scenario?.() ?? {}, hash)
    await act?.(page)
    await expectAccessibleInBothLooks(page, name)
  })
