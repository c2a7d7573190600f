import { isTest } from './source-files.mjs'

/** A person's directory on some machine. Documented examples use `~` or `$HOME`; tests may make one up. */
const HOMES = /(?<![\w.}])(\/home\/[a-z_][\w-]*\/|\/Users\/\w+\/|\/root\/|[A-Z]:\\Users\\)/

/**
 * Lines that name a path of one developer's machine.
 * @param {readonly import('./source-files.mjs').SourceFile[]} files @param {string} root Where this clone happens to be.
 */
export const findMachinePaths = (files, root) =>
  files
    .filter(({ path }) => path !== 'package-lock.json' && !path.startsWith('scripts/check/'))
    .flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line, index) =>
          (HOMES.test(line) && !isTest(path)) || (root.split('/').length > 2 && line.includes(`${root}/`))
            ? [`${path}:${index + 1}: ${line.trim().slice(0, 100)}`]
            : [],
        ),
    )
