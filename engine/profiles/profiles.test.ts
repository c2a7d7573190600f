import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ActivityEvent, Profiles as ProfilesView } from '../../contract/app.ts'
import { MAX_FRAME_BYTES } from '../../contract/limits.ts'
import { type Clock, systemClock } from '../clock.ts'
import { silentLog } from '../log.ts'
import { until } from '../testing/fake-world.ts'
import { hurriedClock } from '../testing/hurried-clock.ts'
import { openProfileFiles } from './profile-files.ts'
import { openProfiles, type Profiles } from './profiles.ts'
import type { Resolution, Summarise } from './summaries.ts'
import { type Home, makeHome } from './testing/home.ts'

/** On this clock the slow look at everything never comes: what is seen was told by the file system. */
const withoutPolling: Clock = {
  ...systemClock,
  sleep: (ms, signal) => systemClock.sleep(ms > 1000 ? 2 ** 30 : ms, signal),
}

let home: Home
let events: Pick<ActivityEvent, 'level' | 'kind' | 'text'>[]
let resolved: string[]
let resolution: Partial<Resolution>
const opened: Profiles[] = []
const lastConnected = new Map<string, number>()

const summarise: Summarise = async (name, text) => {
  resolved.push(name)
  return { plan: null, problems: [], notInForce: [], extends: null, description: text, ...resolution }
}

const open = (clock: Clock = withoutPolling): Profiles => {
  const activity = {
    add: (level: ActivityEvent['level'], kind: string, text: string) => void events.push({ level, kind, text }),
  }
  const profiles = openProfiles({
    paths: home.paths,
    clock,
    log: silentLog,
    activity,
    lastConnected: (name) => lastConnected.get(name) ?? null,
    summarise,
  })
  opened.push(profiles)
  return profiles
}

beforeEach(async () => {
  home = await makeHome()
  events = []
  resolved = []
  resolution = {}
  lastConnected.clear()
})
afterEach(async () => {
  for (const profiles of opened.splice(0)) await profiles.close()
  await home.remove()
})

type Texts = Record<string, string | null>
const textsOf = (view: ProfilesView | undefined): Texts =>
  Object.fromEntries(view?.profiles.map(({ name, description }) => [name, description]) ?? [])

/** What a stream that is opened now says first. */
const stateOf = async (profiles: Profiles): Promise<ProfilesView> => {
  for await (const view of profiles.stream(new AbortController().signal)) return ProfilesView.parse(view)
  throw new Error('The stream ended.')
}

/** Follows the stream until it ends. */
const follow = (profiles: Profiles): { readonly views: ProfilesView[]; texts(): Texts } => {
  const views: ProfilesView[] = []
  const read = async (): Promise<void> => {
    for await (const view of profiles.stream(new AbortController().signal)) views.push(ProfilesView.parse(view))
  }
  void read()
  return {
    views,
    texts: () => textsOf(views.at(-1)),
  }
}

const at = (file: string): string => join(home.profiles, file)
const expectShown = async (seen: ReturnType<typeof follow>, texts: Record<string, string>): Promise<void> => {
  await until(() => seen.views.length > 0 && JSON.stringify(seen.texts()) === JSON.stringify(texts))
  expect(seen.texts()).toEqual(texts)
}

describe('stream', () => {
  it('says the whole state first, also when there is nothing', async () => {
    const seen = follow(open())
    await until(() => seen.views.length > 0)
    expect(seen.views).toEqual([{ directory: home.profiles, profiles: [], damaged: [], problem: null }])
  })

  it('says what this engine changed before it answers', async () => {
    const profiles = open()
    const { revision } = await profiles.create('lab', 'a')
    expect(textsOf(await stateOf(profiles))).toEqual({ lab: 'a' })
    await profiles.write('lab', 'b', revision)
    expect((await stateOf(profiles)).profiles).toMatchObject([
      { description: 'b', hasBackup: true, lastConnectedAtMs: null },
    ])
    await profiles.duplicate('lab', 'copy')
    await profiles.rename('copy', 'new')
    await profiles.restore('lab')
    expect(textsOf(await stateOf(profiles))).toEqual({ lab: 'a', new: 'b' })
    await profiles.remove('lab', revision)
    expect(textsOf(await stateOf(profiles))).toEqual({ new: 'b' })
    await expect(profiles.write('lab', 'c', revision)).rejects.toThrowError(
      expect.objectContaining({ code: 'not-found' }),
    )
  })

  it('says what another writer changed, in a directory that was not there, that went and came back', async () => {
    const seen = follow(open())
    const files = openProfileFiles(home.paths)
    const { revision } = await files.create('lab', 'a')
    await expectShown(seen, { lab: 'a' })
    await files.write('lab', 'b', revision)
    await expectShown(seen, { lab: 'b' })
    writeFileSync(at('lab.yaml'), 'by hand')
    await expectShown(seen, { lab: 'by hand' })
    rmSync(home.paths.config, { recursive: true })
    await expectShown(seen, {})
    await files.create('again', 'c')
    await expectShown(seen, { again: 'c' })
    renameSync(home.profiles, `${home.profiles}.away`)
    await expectShown(seen, {})
    renameSync(`${home.profiles}.away`, home.profiles)
    await expectShown(seen, { again: 'c' })
    writeFileSync(at('again.yaml'), 'd')
    await expectShown(seen, { again: 'd' })
  })

  it('says by and by what no event tells: the target of a link has changed', async () => {
    const target = join(home.paths.config, '..', 'elsewhere.yaml')
    mkdirSync(home.profiles, { recursive: true })
    writeFileSync(target, 'a')
    symlinkSync(target, at('lab.yaml'))
    const seen = follow(open(hurriedClock()))
    await expectShown(seen, { lab: 'a' })
    writeFileSync(target, 'b')
    await expectShown(seen, { lab: 'b' })
  })

  it('says nothing when nothing changed', async () => {
    const profiles = open()
    const seen = follow(profiles)
    await profiles.create('lab', 'a')
    await expectShown(seen, { lab: 'a' })
    const before = seen.views.length
    await profiles.refresh()
    await profiles.refresh()
    await systemClock.sleep(100)
    expect(seen.views).toHaveLength(before)
  })

  it('says that the directory cannot be read, and when it can again', async () => {
    mkdirSync(home.paths.config, { recursive: true })
    writeFileSync(home.profiles, 'a file')
    const profiles = open()
    const seen = follow(profiles)
    await until(() => seen.views.length > 0)
    expect(seen.views[0]?.problem).toMatchObject({ code: 'not-available', data: { field: home.profiles } })
    await expect(profiles.create('lab', 'a')).rejects.toThrowError(expect.objectContaining({ code: 'not-available' }))
    rmSync(home.profiles)
    await until(() => seen.views.at(-1)?.problem === null)
    await profiles.create('lab', 'a')
    expect(textsOf(await stateOf(profiles))).toEqual({ lab: 'a' })
  })

  it('fits into a frame, however much there is to say', async () => {
    mkdirSync(home.profiles, { recursive: true })
    const long = 'x'.repeat(2000)
    const problem = { source: 'p', place: null, key: long, message: long, nextStep: null }
    resolution = { description: long, problems: Array.from({ length: 50 }, () => problem) }
    for (let each = 0; each < 500; each++) writeFileSync(at(`p${each}.yaml`), 'a')
    const seen = follow(open())
    await until(() => seen.views.length > 0)
    const [view] = seen.views
    expect(Buffer.byteLength(JSON.stringify(view))).toBeLessThan(MAX_FRAME_BYTES * 0.9)
    expect(view?.profiles.length).toBeGreaterThan(100)
    expect(view?.problem).toMatchObject({ code: 'capacity', message: expect.stringContaining('of 500 profiles') })
  })
})

describe('summaries', () => {
  it('are worked out again for what changed, and for all when the user’s configuration does', async () => {
    const profiles = open()
    const seen = follow(profiles)
    const { revision } = await profiles.create('one', 'a')
    await profiles.create('two', 'b')
    resolved = []
    await profiles.write('one', 'c', revision)
    expect(resolved).toEqual(['one'])
    resolved = []
    resolution = { notInForce: ['aws.region'] }
    writeFileSync(join(home.paths.config, 'config.yaml'), 'tunnel: {}')
    await until(() => seen.views.at(-1)?.profiles.every(({ notInForce }) => notInForce.length > 0))
    expect(new Set(resolved)).toEqual(new Set(['one', 'two']))
  })

  it('are worked out at each look for a profile that extends a file', async () => {
    const profiles = open()
    resolution = { extends: 'dtn' }
    await profiles.create('one', 'a')
    resolution = { extends: './base.yaml' }
    await profiles.create('two', 'b')
    await profiles.duplicate('one', 'three')
    resolved = []
    await profiles.create('four', 'd')
    expect(new Set(resolved)).toEqual(new Set(['two', 'three', 'four']))
  })

  it('tell when a profile was last connected, once asked to look', async () => {
    const profiles = open()
    await profiles.create('lab', 'a')
    lastConnected.set('lab', 1234)
    await profiles.refresh()
    expect((await stateOf(profiles)).profiles).toMatchObject([{ lastConnectedAtMs: 1234 }])
  })

  it('say what could not be worked out, and leave the others alone', async () => {
    const failing: Summarise = async (name, text) => {
      if (name === 'bad') throw new Error('unforeseen')
      return summarise(name, text)
    }
    const profiles = openProfiles({
      paths: home.paths,
      clock: withoutPolling,
      log: silentLog,
      activity: { add: () => undefined },
      lastConnected: () => null,
      summarise: failing,
    })
    opened.push(profiles)
    await profiles.create('bad', 'a')
    await profiles.create('good', 'b')
    expect(textsOf(await stateOf(profiles))).toEqual({ bad: null, good: 'b' })
    expect((await stateOf(profiles)).profiles[0]?.problems).toMatchObject([{ key: 'document', source: at('bad.yaml') }])
  })
})

describe('a damaged file', () => {
  const damage = (file: string): void => {
    writeFileSync(at(file), '')
    utimesSync(at(file), 1, 1)
  }

  it('is set aside, told in the activity once, and can be restored', async () => {
    const profiles = open()
    const seen = follow(profiles)
    const { revision } = await profiles.create('lab', 'a')
    await profiles.write('lab', 'b', revision)
    damage('lab.yaml')
    await until(() => seen.views.at(-1)?.damaged.length === 1)
    expect(seen.views.at(-1)).toMatchObject({ profiles: [], damaged: [{ name: 'lab', hasBackup: true }] })
    await profiles.refresh()
    expect(events).toEqual([
      {
        level: 'error',
        kind: 'profiles.set-aside',
        text: expect.stringMatching(/"lab".*lab\.yaml\.damaged-.*restored/),
      },
    ])
    await profiles.restore('lab')
    expect(textsOf(await stateOf(profiles))).toEqual({ lab: 'a' })
    expect((await stateOf(profiles)).damaged).toEqual([])
  })

  it('that was set aside before this engine is listed, and not told again', async () => {
    mkdirSync(home.profiles, { recursive: true })
    damage('lab.yaml')
    await openProfileFiles(home.paths).list()
    const seen = follow(open())
    await until(() => seen.views.at(-1)?.damaged.length === 1)
    expect(events).toEqual([])
  })

  it('that another process sets aside is told', async () => {
    const profiles = open()
    const seen = follow(profiles)
    await profiles.create('lab', 'a')
    renameSync(at('lab.yaml'), at('lab.yaml.damaged-2026-01-02T03-04-05-006Z'))
    await until(() => seen.views.at(-1)?.damaged.length === 1)
    expect(events).toMatchObject([{ kind: 'profiles.set-aside' }])
  })

  it('that an editor has emptied a moment ago: the profile is what it was, until it is judged', async () => {
    const profiles = open(hurriedClock())
    const seen = follow(profiles)
    await profiles.create('lab', 'a')
    writeFileSync(at('lab.yaml'), '')
    await profiles.refresh()
    expect(textsOf(await stateOf(profiles))).toEqual({ lab: 'a' })
    writeFileSync(at('lab.yaml'), 'b')
    await expectShown(seen, { lab: 'b' })
    expect(events).toEqual([])
  })
})

describe('close', () => {
  it('ends the streams, and nothing is looked at any more', async () => {
    const profiles = open(hurriedClock())
    await profiles.create('lab', 'a')
    const views: ProfilesView[] = []
    const reading = (async () => {
      for await (const view of profiles.stream(new AbortController().signal)) views.push(view)
    })()
    await until(() => views.length > 0)
    await profiles.close()
    await reading
    resolved = []
    writeFileSync(at('lab.yaml'), 'b')
    await systemClock.sleep(200)
    expect(resolved).toEqual([])
    expect(views).toHaveLength(1)
  })

  it('at once after opening ends them too', async () => {
    const profiles = open()
    const reading = (async () => {
      for await (const _ of profiles.stream(new AbortController().signal));
      return 'ended'
    })()
    await profiles.close()
    expect(await reading).toBe('ended')
  })
})

describe('a directory that others can write in', () => {
  it('is told in the activity once, and works', async () => {
    const profiles = open()
    await profiles.create('lab', 'a')
    chmodSync(home.profiles, 0o777)
    await profiles.refresh()
    await profiles.refresh()
    expect(events).toEqual([
      {
        level: 'warning',
        kind: 'profiles.open-to-others',
        text: expect.stringContaining(`chmod go-w ${home.profiles}`),
      },
    ])
    expect(textsOf(await stateOf(profiles))).toEqual({ lab: 'a' })
  })
})
