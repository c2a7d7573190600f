import { Button, Group, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { currentClient } from '../../app/connection-store.ts'
import { Commandline } from '../../ui/Commandline.tsx'
import { DownloadButton } from '../../ui/DownloadButton.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import css from './Dialogs.module.css'
import { closeQuestion } from './dialogs.ts'

/** The tunnels that are up as files for wg-quick(8), without their private keys: those never come into a browser. */
export const WireguardFiles = () => {
  const files = useQuery({
    queryKey: ['wireguard-files'],
    queryFn: ({ signal }) => currentClient().call('tunnels.export', {}, { signal }),
    staleTime: 0,
    // Another deployment has other files.
    gcTime: 0,
  })
  return (
    <div className={css.form}>
      <p className={css.text}>
        One file for each tunnel, without its private key: a key never comes into a browser. On this machine this
        command writes them with their keys:
      </p>
      <Commandline text="mole export wg-quick --with-keys" label="the command that exports with keys" />
      {files.isPending && <Skeleton height={78} radius="sm" />}
      {files.error !== null && <ProblemNote problem={toProblem(files.error)} />}
      {files.data !== undefined && (
        <ul className={css.list}>
          {files.data.files.map(({ name, text }) => (
            <li key={name} className={css.file}>
              <span className="mono">{name}</span>
              <DownloadButton name={name} text={text} />
            </li>
          ))}
        </ul>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={closeQuestion}>
          Close
        </Button>
      </Group>
    </div>
  )
}
