import { describe, expect, it } from 'vitest'
import { debianMirror, renderSource } from './apt.mjs'

describe('debianMirror', () => {
  it.each([
    ['deb822', 'Types: deb\n# a comment\nURIs: http://mirror.example.org/debian\nSuites: bookworm\n'],
    ['one line', 'deb http://mirror.example.org/debian bookworm main\n'],
    ['one line with options', 'deb [arch=amd64 signed-by=/x.gpg] http://mirror.example.org/debian/ bookworm main\n'],
  ])('takes the mirror in use: %s', (_, text) => {
    expect(debianMirror([text])).toBe('http://mirror.example.org/debian')
  })

  it('does not take the security archive, a comment or another vendor for it', () => {
    const others = [
      'URIs: http://deb.debian.org/debian-security\n',
      '# deb http://old.example.org/debian bookworm main\n',
      'deb https://packages.example.com/apt stable main\n',
    ]
    expect(debianMirror(others)).toBe('http://deb.debian.org/debian')
  })
})

describe('renderSource', () => {
  it('is one signed deb822 stanza', () => {
    const text = renderSource('http://deb.debian.org/debian', 'bookworm-backports')
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line) => line.split(':')[0]),
    ).toEqual(['Types', 'URIs', 'Suites', 'Components', 'Signed-By'])
    expect(text).toContain('Suites: bookworm-backports\n')
    expect(text).toContain('debian-archive-keyring.gpg')
  })
})
