export { describeCondition, describeValue, describeValues } from '@spillway/core/wording';
