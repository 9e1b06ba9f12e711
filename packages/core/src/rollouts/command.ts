/** What a person may tell a rollout. `promote` ends the current step's wait, `promote_fully` all of them. */
export type RolloutCommand = 'pause' | 'resume' | 'promote' | 'promote_fully' | 'abort';
