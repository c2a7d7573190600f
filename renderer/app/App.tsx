import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { Route, Router, Switch } from 'wouter'
import { Activity } from '../features/activity/Activity.tsx'
import { Deploy } from '../features/deploy/Deploy.tsx'
import { Flows } from '../features/flows/Flows.tsx'
import { Overview } from '../features/overview/Overview.tsx'
import { ComparePage } from '../features/probe/ComparePage.tsx'
import { EarlierProbe } from '../features/probe/EarlierProbe.tsx'
import { NewProbe } from '../features/probe/NewProbe.tsx'
import { Probe } from '../features/probe/Probe.tsx'
import { ProfilePage } from '../features/profiles/ProfilePage.tsx'
import { Profiles } from '../features/profiles/Profiles.tsx'
import { Scaling } from '../features/scaling/Scaling.tsx'
import { Settings } from '../features/settings/Settings.tsx'
import { Tuning } from '../features/tuning/Tuning.tsx'
import { useConnection } from './connection-store.ts'
import { navigateUnlessHeld, useGuardedLocation, useLeaving } from './leaving.ts'
import { NotFound } from './NotFound.tsx'
import { queryClient } from './query-client.ts'
import { Refused } from './Refused.tsx'
import { Shell } from './Shell.tsx'
import { cssVariables, theme } from './theme.ts'

const Pages = () => (
  <Shell>
    <Switch>
      <Route path="/" component={Overview} />
      <Route path="/scaling" component={Scaling} />
      <Route path="/flows" component={Flows} />
      <Route path="/tuning" component={Tuning} />
      <Route path="/probe" component={Probe} />
      <Route path="/probe/new/:step?" component={NewProbe} />
      <Route path="/probe/compare/:first/:second" component={ComparePage} />
      <Route path="/probe/earlier/:id" component={EarlierProbe} />
      <Route path="/deploy/:step?" component={Deploy} />
      <Route path="/profiles" component={Profiles} />
      <Route path="/profiles/:name" component={ProfilePage} />
      <Route path="/activity" component={Activity} />
      <Route path="/settings" component={Settings} />
      <Route component={NotFound} />
    </Switch>
  </Shell>
)

/** The panel: providers, and either its pages or why there are none. */
export const App = () => {
  const connection = useConnection()
  // A page with unsaved changes stays: they are nowhere else.
  const isHeld = useLeaving(({ held }) => held !== null)
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <Notifications position="bottom-right" limit={3} />
        <Router hook={useGuardedLocation} aroundNav={navigateUnlessHeld}>
          {connection.status === 'refused' && !isHeld ? <Refused problem={connection.problem} /> : <Pages />}
        </Router>
      </QueryClientProvider>
    </MantineProvider>
  )
}
