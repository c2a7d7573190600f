import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { lstat, mkdir, readlink, stat, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MAX_DOCUMENT_BYTES } from '../../domain/config/parse/decode-document.ts'
import { unfinishedFile } from './file-names.ts'
import { openProfileFiles, type ProfileFiles } from './profile-files.ts'
import { explainFileError } from './refusals.ts'
import { type Home, makeHome } from './testing/home.ts'

let home: Home
let files: ProfileFiles
beforeEach(async () => {
  home = await makeHome()
  files = openProfileFiles(home.paths)
})
afterEach(() => home.remove())

const at = (file: string): string => join(home.profiles, file)
const textAt = (file: string): string => readFileSync(at(file), 'utf8')
const names = async (): Promise<string[]> => (await files.list()).profiles.map(({ name }) => name)
const refusal = (code: string, words: RegExp) =>
  expect.objectContaining({
    code,
    message: expect.stringMatching(words),
    data: { field: expect.any(String), meaning: expect.any(String), nextStep: expect.any(String) },
  })

/** A file that came about long ago: nobody is in the middle of writing it. */
const putOld = async (file: string, bytes: string | Buffer): Promise<void> => {
  await mkdir(home.profiles, { recursive: true, mode: 0o700 })
  writeFileSync(at(file), bytes)
  utimesSync(at(file), 1, 1)
}

describe('openProfileFiles', () => {
  it('makes nothing before the first write', async () => {
    expect(await files.list()).toMatchObject({ profiles: [], damaged: [], warning: null })
    await expect(files.read('lab')).rejects.toThrowError(refusal('not-found', /no profile "lab"/))
    expect(existsSync(home.paths.config)).toBe(false)
  })

  it('makes directory and file for their owner alone', async () => {
    await files.create('lab', 'description: a')
    expect(statSync(home.profiles).mode & 0o777).toBe(0o700)
    expect(statSync(at('lab.yaml')).mode & 0o777).toBe(0o600)
  })

  it('keeps the mode that a file was given', async () => {
    const { revision } = await files.create('lab', 'description: a')
    chmodSync(at('lab.yaml'), 0o644)
    await files.write('lab', 'description: b', revision)
    expect(statSync(at('lab.yaml')).mode & 0o777).toBe(0o644)
  })

  it('reads what it wrote, to the byte', async () => {
    const text = '\uFEFFdescription: "ä ☃ 🐭"\r\n'
    const { revision } = await files.create('lab', text)
    expect(await files.read('lab')).toEqual({ text, revision })
  })

  it.each(['', 'Lab', 'a b', '../lab', 'lab/x', '.lab', '-lab', 'lab.yaml', 'a'.repeat(64), 'lab\0', 'läb'])(
    'refuses the name %j everywhere, and says the rule',
    async (name) => {
      const rule = refusal('bad-input', /must be 1 to 63 lower-case letters/)
      const revision = '0'.repeat(64)
      for (const act of [
        () => files.read(name),
        () => files.create(name, 'x: 1'),
        () => files.write(name, 'x: 1', revision),
        () => files.rename('lab', name),
        () => files.rename(name, 'lab'),
        () => files.duplicate('lab', name),
        () => files.remove(name, revision),
        () => files.restore(name),
      ])
        await expect(act()).rejects.toThrowError(rule)
      expect(existsSync(home.paths.config)).toBe(false)
    },
  )

  it.each([
    ['', /is empty/],
    ['a\0b', /no file can keep/],
    ['\uD800', /no file can keep/],
    ['ä'.repeat(MAX_DOCUMENT_BYTES / 2 + 1), /larger than 256 KiB/],
  ])('refuses a text that would not be read as the same again', async (text, words) => {
    await expect(files.create('lab', text)).rejects.toThrowError(refusal('bad-input', words))
    expect(await names()).toEqual([])
  })

  it('keeps a text that has problems as it is written', async () => {
    await files.create('lab', 'tunel: {{{')
    expect((await files.read('lab')).text).toBe('tunel: {{{')
  })

  it('does not list what is no profile', async () => {
    await files.create('lab', 'description: a')
    for (const file of [
      'README.md',
      'Upper.yaml',
      'x.yml',
      '.hidden.yaml',
      'lab.yaml~',
      'lab.yaml.swp',
      'lab.yaml.bak',
    ])
      await putOld(file, 'x')
    await mkdir(at('directory.yaml'))
    await symlink(at('nowhere'), at('dangling.yaml'))
    expect(await names()).toEqual(['lab'])
  })

  it('warns where others can write, and works all the same', async () => {
    await files.create('lab', 'description: a')
    chmodSync(home.profiles, 0o770)
    expect((await files.list()).warning).toContain(`chmod go-w ${home.profiles}`)
    chmodSync(home.profiles, 0o700)
    chmodSync(home.paths.config, 0o777)
    expect(await files.list()).toMatchObject({ warning: expect.stringContaining(home.paths.config), profiles: [{}] })
  })

  it('lists five hundred', async () => {
    await files.create('p0', 'description: 0')
    for (let each = 1; each < 500; each++) writeFileSync(at(`p${each}.yaml`), `description: ${each}`)
    const { profiles } = await files.list()
    expect(profiles.map(({ name, text }) => [name, text])).toEqual(
      Array.from({ length: 500 }, (_, each) => [`p${each}`, `description: ${each}`]).toSorted(([a = ''], [b = '']) =>
        `${a}.yaml` < `${b}.yaml` ? -1 : 1,
      ),
    )
  })
})

describe('write', () => {
  it('keeps the text before as the backup, and not again when nothing changes', async () => {
    const first = await files.create('lab', 'description: a')
    const second = await files.write('lab', 'description: b', first.revision)
    expect(await files.write('lab', 'description: b', second.revision)).toEqual(second)
    expect([textAt('lab.yaml'), textAt('lab.yaml.bak')]).toEqual(['description: b', 'description: a'])
  })

  it('refuses who started from another text, also one that an editor wrote', async () => {
    const { revision } = await files.create('lab', 'description: a')
    writeFileSync(at('lab.yaml'), 'description: by hand')
    await expect(files.write('lab', 'description: b', revision)).rejects.toThrowError(
      refusal('conflict', /has changed/),
    )
    await expect(files.remove('lab', revision)).rejects.toThrowError(refusal('conflict', /has changed/))
    expect(textAt('lab.yaml')).toBe('description: by hand')
    expect(existsSync(at('lab.yaml.bak'))).toBe(false)
  })

  it('says that the profile is gone', async () => {
    const { revision } = await files.create('lab', 'description: a')
    await files.remove('lab', revision)
    await expect(files.write('lab', 'b: 1', revision)).rejects.toThrowError(refusal('not-found', /no profile "lab"/))
  })

  it('respects that a file is read-only (root may write it)', async () => {
    const { revision } = await files.create('lab', 'description: a')
    chmodSync(at('lab.yaml'), 0o400)
    const written = files.write('lab', 'description: b', revision)
    if (process.getuid?.() === 0) await written
    else await expect(written).rejects.toThrowError(refusal('denied', /you may not/))
  })

  it('lets one of many in one process win', async () => {
    const { revision } = await files.create('lab', 'description: a')
    const writes = Array.from({ length: 20 }, (_, each) => files.write('lab', `description: ${each}`, revision))
    const outcomes = await Promise.allSettled(writes)
    const won = outcomes.flatMap(({ status }, each) => (status === 'fulfilled' ? [each] : []))
    expect(won).toHaveLength(1)
    expect(textAt('lab.yaml')).toBe(`description: ${won[0]}`)
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toEqual(refusal('conflict', /has changed/))
  })

  it('removes what a killed writer left, of any profile, and nothing else', async () => {
    const { revision } = await files.create('lab', 'description: a')
    const left = ['lab.yaml', 'other.yaml', 'other.yaml.bak'].map((file) => unfinishedFile(at(file), '0123456789ab'))
    const foreign = ['.lab.yaml.swp', '.notes.0123456789ab.new', 'lab.yaml.new'].map(at)
    for (const path of [...left, ...foreign]) writeFileSync(path, 'half')
    await files.write('lab', 'description: b', revision)
    expect(left.filter((path) => existsSync(path))).toEqual([])
    expect(foreign.filter((path) => !existsSync(path))).toEqual([])
  })
})

describe('create', () => {
  it('never takes the place of what is there, whatever it is', async () => {
    await files.create('lab', 'description: a')
    await mkdir(at('directory.yaml'))
    await symlink(at('nowhere'), at('dangling.yaml'))
    for (const name of ['lab', 'directory', 'dangling'])
      await expect(files.create(name, 'description: b')).rejects.toThrowError(refusal('conflict', /already/))
    expect(textAt('lab.yaml')).toBe('description: a')
    expect(readdirSync(home.profiles).toSorted()).toEqual(['dangling.yaml', 'directory.yaml', 'lab.yaml'])
  })

  it('lets one of many win', async () => {
    const creates = Array.from({ length: 10 }, (_, each) => files.create('lab', `description: ${each}`))
    const outcomes = await Promise.allSettled(creates)
    const won = outcomes.flatMap(({ status }, each) => (status === 'fulfilled' ? [each] : []))
    expect(won).toHaveLength(1)
    expect(textAt('lab.yaml')).toBe(`description: ${won[0]}`)
  })
})

describe('rename, duplicate, remove, restore', () => {
  it('renames with the backup, and never onto another', async () => {
    const { revision } = await files.create('lab', 'description: a')
    await files.write('lab', 'description: b', revision)
    await files.create('other', 'description: other')
    await expect(files.rename('lab', 'other')).rejects.toThrowError(refusal('conflict', /"other" already/))
    await expect(files.rename('none', 'new')).rejects.toThrowError(refusal('not-found', /"none"/))
    await files.rename('lab', 'new')
    expect(readdirSync(home.profiles).toSorted()).toEqual(['new.yaml', 'new.yaml.bak', 'other.yaml'])
    expect([textAt('new.yaml'), textAt('new.yaml.bak')]).toEqual(['description: b', 'description: a'])
  })

  it('duplicates, and never onto another', async () => {
    await files.create('lab', 'description: a')
    await files.duplicate('lab', 'copy')
    await expect(files.duplicate('lab', 'copy')).rejects.toThrowError(refusal('conflict', /"copy" already/))
    await expect(files.duplicate('none', 'new')).rejects.toThrowError(refusal('not-found', /"none"/))
    expect(await names()).toEqual(['copy', 'lab'])
  })

  it('brings back what was removed', async () => {
    const { revision } = await files.create('lab', 'description: a')
    await files.remove('lab', revision)
    expect(await names()).toEqual([])
    expect(await files.restore('lab')).toEqual({ revision })
    expect(textAt('lab.yaml')).toBe('description: a')
    await expect(files.restore('lab')).rejects.toThrowError(refusal('not-found', /no earlier text/))
  })

  it('exchanges profile and backup, and back again', async () => {
    const first = await files.create('lab', 'description: a')
    const second = await files.write('lab', 'description: b', first.revision)
    expect(await files.restore('lab')).toEqual(first)
    expect([textAt('lab.yaml'), textAt('lab.yaml.bak')]).toEqual(['description: a', 'description: b'])
    expect(await files.restore('lab')).toEqual(second)
  })
})

describe('a file that holds no text', () => {
  it.each([
    ['empty', Buffer.alloc(0)],
    ['full of NUL', Buffer.alloc(4096)],
    ['not UTF-8', Buffer.from([0x64, 0xff, 0xfe])],
    ['UTF-16', Buffer.from('description: a', 'utf16le')],
  ])('%s: is set aside under a name that is said, whole, and its backup can be restored', async (_, bytes) => {
    const { revision } = await files.create('lab', 'description: a')
    await files.write('lab', 'description: b', revision)
    await putOld('lab.yaml', bytes)

    const { profiles, damaged, setAside } = await files.list()
    expect({ profiles, damaged }).toEqual({ profiles: [], damaged: setAside })
    expect(damaged).toEqual([
      { name: 'lab', movedTo: expect.stringContaining(at('lab.yaml.damaged-')), hasBackup: true },
    ])
    expect(readFileSync(damaged[0]?.movedTo ?? '')).toEqual(bytes)
    expect(await files.list()).toMatchObject({ damaged, setAside: [] })

    expect(await files.restore('lab')).toEqual({ revision })
    expect(textAt('lab.yaml')).toBe('description: a')
    expect((await files.list()).damaged).toEqual([])
    expect(readFileSync(damaged[0]?.movedTo ?? '')).toEqual(bytes)
  })

  it('is set aside by who reads it, and told so', async () => {
    await putOld('lab.yaml', '')
    await expect(files.read('lab')).rejects.toThrowError(refusal('not-found', /moved to .*lab\.yaml\.damaged-/))
    expect((await files.list()).damaged).toMatchObject([{ name: 'lab', hasBackup: false }])
  })

  it('is restored at once, without a look before', async () => {
    const { revision } = await files.create('lab', 'description: a')
    await files.write('lab', 'description: b', revision)
    await putOld('lab.yaml', '')
    expect(await files.restore('lab')).toEqual({ revision })
    expect(readdirSync(home.profiles).filter((file) => file.includes('damaged'))).toHaveLength(1)
  })

  it('is left alone while somebody may be writing it', async () => {
    await files.create('lab', 'description: a')
    writeFileSync(at('lab.yaml'), '')
    expect(await files.list()).toMatchObject({ beingWritten: ['lab'], damaged: [], profiles: [{ text: null }] })
    await expect(files.read('lab')).rejects.toThrowError(refusal('conflict', /no text at this moment/))
    const [found] = (await files.list()).profiles
    await expect(files.remove('lab', found?.revision ?? '')).rejects.toThrowError(refusal('conflict', /at this moment/))
    await expect(files.write('lab', 'x: 1', found?.revision ?? '')).rejects.toThrowError(refusal('conflict', /moment/))
    expect(readdirSync(home.profiles)).toEqual(['lab.yaml'])
  })

  it('is never overwritten when two were set aside', async () => {
    for (const bytes of [Buffer.alloc(1), Buffer.alloc(2)]) {
      await putOld('lab.yaml', bytes)
      await files.list()
      // Their names differ by the time.
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    const aside = readdirSync(home.profiles)
    expect(aside.map((file) => statSync(at(file)).size).toSorted((a, b) => a - b)).toEqual([1, 2])
  })
})

describe('a file that cannot be taken as a profile', () => {
  it('too large: listed with the reason, not read, not overwritten', async () => {
    await putOld('lab.yaml', 'x'.repeat(MAX_DOCUMENT_BYTES + 1))
    const [found] = (await files.list()).profiles
    expect(found).toMatchObject({ text: null, unreadable: refusal('bad-input', /larger than 256 KiB/) })
    const revision = found?.revision ?? ''
    await expect(files.read('lab')).rejects.toThrowError(refusal('bad-input', /larger/))
    await expect(files.write('lab', 'x: 1', revision)).rejects.toThrowError(refusal('bad-input', /larger/))
    await expect(files.duplicate('lab', 'copy')).rejects.toThrowError(refusal('bad-input', /larger/))
    await files.remove('lab', revision)
    expect(await names()).toEqual([])
  })

  it('a directory: refused by name', async () => {
    await mkdir(at('lab.yaml'), { recursive: true })
    await expect(files.read('lab')).rejects.toThrowError(refusal('not-available', /not a regular file/))
    await expect(files.rename('lab', 'other')).rejects.toThrowError(refusal('not-available', /not a regular file/))
  })

  it('a FIFO: nobody waits for its writer', async () => {
    await mkdir(home.profiles, { recursive: true })
    execFileSync('mkfifo', [at('lab.yaml')])
    await expect(files.read('lab')).rejects.toThrowError(refusal('not-available', /not a regular file/))
    expect(await names()).toEqual([])
  })
})

describe('a profile that is a symbolic link', () => {
  const repository = (): string => join(home.paths.runtime, '..', 'repository')
  const target = (): string => join(repository(), 'our-lab.yaml')
  beforeEach(async () => {
    await mkdir(home.profiles, { recursive: true })
    await mkdir(repository())
    writeFileSync(target(), 'description: a', { mode: 0o640 })
    await symlink('../../../repository/our-lab.yaml', at('lab.yaml'))
  })

  it('is written through to the file it leads to, and stays a link; the backup lies with the profiles', async () => {
    const { text, revision } = await files.read('lab')
    const left = unfinishedFile(target(), '0123456789ab')
    writeFileSync(left, 'half')
    await files.write('lab', 'description: b', revision)
    expect(text).toBe('description: a')
    expect((await lstat(at('lab.yaml'))).isSymbolicLink()).toBe(true)
    expect(readFileSync(target(), 'utf8')).toBe('description: b')
    expect((await stat(target())).mode & 0o777).toBe(0o640)
    expect(readdirSync(repository())).toEqual(['our-lab.yaml'])
    expect(textAt('lab.yaml.bak')).toBe('description: a')
    await files.restore('lab')
    expect(readFileSync(target(), 'utf8')).toBe('description: a')
  })

  it('renaming and removing concern the link alone', async () => {
    await files.rename('lab', 'new')
    expect(await readlink(at('new.yaml'))).toBe('../../../repository/our-lab.yaml')
    await files.remove('new', (await files.read('new')).revision)
    expect(await names()).toEqual([])
    expect(readFileSync(target(), 'utf8')).toBe('description: a')
    await files.restore('new')
    expect((await files.read('new')).text).toBe('description: a')
  })

  it('holding no text, the link is set aside and the file stays', async () => {
    writeFileSync(target(), '')
    utimesSync(target(), 1, 1)
    expect((await files.list()).damaged).toMatchObject([{ name: 'lab' }])
    expect(existsSync(target())).toBe(true)
  })

  it('that leads in a circle is named', async () => {
    await symlink(at('circle.yaml'), at('circle.yaml'))
    await expect(files.read('circle')).rejects.toThrowError(refusal('not-available', /in a circle/))
    expect((await files.list()).profiles).toMatchObject([{ name: 'circle', text: null }, { name: 'lab' }])
  })
})

describe('a directory that cannot be used', () => {
  it('a file in its place is named, and stays', async () => {
    await mkdir(home.paths.config, { recursive: true })
    writeFileSync(home.profiles, 'mine')
    for (const act of [() => files.list(), () => files.create('lab', 'x: 1'), () => files.read('lab')])
      await expect(act()).rejects.toThrowError(refusal('not-available', /lies where a directory should be/))
    expect(readFileSync(home.profiles, 'utf8')).toBe('mine')
  })

  it('a runtime directory that is not ours alone is refused, and nothing is written', async () => {
    await mkdir(home.paths.runtime, { mode: 0o700 })
    chmodSync(home.paths.runtime, 0o777)
    await expect(files.create('lab', 'x: 1')).rejects.toThrowError(refusal('denied', /open to other users/))
    expect(existsSync(home.profiles)).toBe(false)
  })

  it('each reason of the file system has words of its own', () => {
    const explain = (code: string): unknown =>
      explainFileError(Object.assign(new Error(code), { code, path: '/p/.lab.yaml.0123456789ab.new' }), '/p', 'written')
    expect(explain('ENOSPC')).toEqual(refusal('not-available', /^\/p\/lab\.yaml cannot be written: there is no room/))
    expect(explain('EDQUOT')).toEqual(refusal('not-available', /quota/))
    expect(explain('EACCES')).toEqual(refusal('denied', /you may not/))
    expect(explain('EROFS')).toEqual(refusal('denied', /read-only/))
    expect(explain('EIO')).toEqual(refusal('not-available', /EIO/))
  })
})
