import { describe, expect, it } from 'vitest'
import { ProfileName } from '../../../domain/config/profile-name.ts'
import { profileNameOf, readProfileFile } from './picked-file.ts'

const file = (content: string | Uint8Array<ArrayBuffer>, name = 'a.yaml'): File => new File([content], name)

describe('readProfileFile', () => {
  it('reads text byte by byte, also one with problems', async () => {
    expect(await readProfileFile(file('\uFEFFtunel: {\r\n'))).toBe('\uFEFFtunel: {\r\n')
  })

  it.each([
    [file(''), /is empty/],
    [file(' \n'), /is empty/],
    [file('a\0b'), /not UTF-8/],
    [file(new Uint8Array([0xff, 0xfe, 0x61, 0])), /not UTF-8/],
    [file('x'.repeat(256 * 1024 + 1)), /larger than 256 KiB/],
    [file('[Interface]\nPrivateKey = x\n', 'wg0.conf'), /wg0\.conf is a wg-quick file/],
  ])('refuses what cannot be a profile', async (given, words) => {
    await expect(readProfileFile(given)).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(words),
    })
  })
})

describe('profileNameOf', () => {
  it.each([
    ['dtn.yaml', 'dtn'],
    ['Beam Line 7.yml', 'beam-line-7'],
    ['_x.yaml', 'x'],
    ['Straße.yaml', 'stra-e'],
    ['日本.yaml', ''],
    [`${'a'.repeat(80)}.yaml`, 'a'.repeat(63)],
  ])('%s', (given, name) => {
    expect(profileNameOf(given)).toBe(name)
    if (name !== '') expect(ProfileName.safeParse(name).success).toBe(true)
  })
})
