import { Button, Checkbox, Group, Modal, Skeleton } from '@mantine/core'
import { IconSearch, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { FoundDeployment } from '../../../contract/app.ts'
import { ActLine } from '../../ui/ActLine.tsx'
import { renderCount } from '../../ui/format.ts'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import { type Account, useFound, useSweep } from '../aws/look-ups.ts'
import { ResourceTable } from '../aws/ResourceTable.tsx'
import css from './AwsSettings.module.css'

type FoundProps = {
  readonly found: FoundDeployment
  readonly isChosen: boolean
  readonly onChoose: (isChosen: boolean) => void
}

const Found = ({ found, isChosen, onChoose }: FoundProps) => (
  <li className={css.deployment}>
    <div className={css.head}>
      <Checkbox
        size="xs"
        label={<span className="mono">{found.deployment}</span>}
        checked={isChosen}
        disabled={found.isOurs}
        onChange={({ currentTarget }) => onChoose(currentTarget.checked)}
      />
      {found.isOurs && <span>This one is up here: disconnect it on the Overview page.</span>}
      <span className={css.count}>{renderCount(found.resources.length, 'thing')}</span>
    </div>
    <ResourceTable resources={found.resources} label={`What ${found.deployment} has`} />
  </li>
)

type SweepProps = { readonly account: Account; readonly found: readonly FoundDeployment[]; readonly onDone: () => void }

/** Asks once more, naming what goes, and says what was done. */
const SweepDialog = ({ account, found, onDone }: SweepProps) => {
  const sweep = useSweep(account)
  const log = sweep.data?.log
  if (log !== undefined)
    return (
      <div className={css.part}>
        <pre className={css.log} role="status">
          {log.join('\n')}
        </pre>
        <Group justify="flex-end">
          <Button onClick={onDone}>Close</Button>
        </Group>
      </div>
    )
  return (
    <div className={css.part}>
      <p className={css.text}>
        These go away with all that carries their tag, whichever machine made them. If one of them is in use elsewhere,
        its transfers are cut.
      </p>
      <ul className={css.names}>
        {found.map(({ deployment, resources }) => (
          <li key={deployment}>
            <span className="mono">{deployment}</span>: {renderCount(resources.length, 'thing')}
          </li>
        ))}
      </ul>
      {sweep.error !== null && <ProblemNote problem={toProblem(sweep.error)} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone} data-autofocus>
          Keep them
        </Button>
        <Button
          color="clay"
          loading={sweep.isPending}
          onClick={() => sweep.mutate(found.map(({ deployment }) => deployment))}
        >
          Remove {found.map(({ deployment }) => deployment).join(', ')}
        </Button>
      </Group>
    </div>
  )
}

const nothing = (region: string): string => `Nothing in ${region} carries a tag of Cloud Mole.`

type Props = { readonly account: Account; readonly region: string }

/** What lost state or other machines left in the region: shown first, then taken away when that is wanted. */
export const LeftBehind = ({ account, region }: Props) => {
  const [isWanted, setWanted] = useState(false)
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [asking, setAsking] = useState<readonly FoundDeployment[] | null>(null)
  const search = useFound(account, isWanted)
  const found = search.data?.found ?? []
  const going = found.filter(({ deployment, isOurs }) => !isOurs && chosen.includes(deployment))
  const close = (): void => {
    setAsking(null)
    setChosen([])
  }
  return (
    <section className={css.part} aria-labelledby="aws-left">
      <h3 id="aws-left" className={css.title}>
        What other runs left
      </h3>
      <ActLine text={`Looks for everything with a tag of Cloud Mole in ${region}. Looking changes nothing.`}>
        <Button
          variant="default"
          leftSection={<IconSearch size={16} />}
          loading={search.isFetching}
          onClick={() => (isWanted ? void search.refetch() : setWanted(true))}
        >
          {search.data === undefined ? 'Look for it' : 'Look again'}
        </Button>
      </ActLine>
      {isWanted && search.isPending && search.error === null && <Skeleton height={120} radius="sm" />}
      {search.error !== null && <ProblemNote problem={toProblem(search.error)} />}
      {search.data !== undefined && (
        <p className={css.text} role="status">
          {found.length === 0 ? nothing(region) : `${renderCount(found.length, 'deployment')} found.`}
        </p>
      )}
      {found.length > 0 && (
        <ul className={css.found} aria-label="Deployments found">
          {found.map((each) => (
            <Found
              key={each.deployment}
              found={each}
              isChosen={chosen.includes(each.deployment)}
              onChoose={(isChosen) =>
                setChosen((before) =>
                  isChosen ? [...before, each.deployment] : before.filter((id) => id !== each.deployment),
                )
              }
            />
          ))}
        </ul>
      )}
      {found.some(({ isOurs }) => !isOurs) && (
        <Group>
          <Button
            color="clay"
            variant="outline"
            leftSection={<IconTrash size={16} />}
            disabled={going.length === 0}
            onClick={() => setAsking(going)}
          >
            Remove what is chosen…
          </Button>
        </Group>
      )}
      <Modal opened={asking !== null} onClose={close} title="Remove what other runs left?" size="lg">
        {asking !== null && <SweepDialog account={account} found={asking} onDone={close} />}
      </Modal>
    </section>
  )
}
