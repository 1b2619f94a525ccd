import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { TerraformStack, Testing } from 'cdktf';
import { waive, waiversOf } from './waive';

function stackWith(build: (queue: SqsQueue, topic: SnsTopic) => void): TerraformStack {
  const stack = new TerraformStack(Testing.app(), 'stack');
  build(new SqsQueue(stack, 'Queue'), new SnsTopic(stack, 'Topic'));
  return stack;
}

describe('a waiver', () => {
  test('has the resource as Terraform names it, the check, and the reason', () => {
    const stack = stackWith((queue, topic) => {
      waive(topic, { CKV_AWS_26: 'its messages are public' });
      waive(queue, { CKV_AWS_27: 'so are these' });
    });
    expect(waiversOf(stack)).toEqual([
      { address: 'aws_sns_topic.Topic', check: 'CKV_AWS_26', reason: 'its messages are public' },
      { address: 'aws_sqs_queue.Queue', check: 'CKV_AWS_27', reason: 'so are these' },
    ]);
  });

  test('does not change the Terraform JSON', () => {
    const plain = stackWith(() => undefined);
    const waived = stackWith((queue) => waive(queue, { CKV_AWS_27: 'its messages are public' }));
    expect(waived.toTerraform()).toEqual(plain.toTerraform());
    expect(JSON.stringify(plain.toTerraform())).toContain('aws_sqs_queue');
  });

  test('follows a resource that is renamed afterwards', () => {
    const stack = stackWith((queue) => {
      waive(queue, { CKV_AWS_27: 'its messages are public' });
      queue.overrideLogicalId('Orders');
    });
    expect(waiversOf(stack)).toMatchObject([{ address: 'aws_sqs_queue.Orders' }]);
  });

  test('without a reason is refused', () => {
    expect(() => stackWith((queue) => waive(queue, { CKV_AWS_27: ' ' }))).toThrow(
      'stack/Queue: CKV_AWS_27 is waived without a reason; say why it may fail',
    );
  });

  test('that exists already is refused', () => {
    expect(() =>
      stackWith((queue, topic) => {
        waive(queue, { CKV_AWS_27: 'its messages are public' });
        waive(topic, { CKV_AWS_27: 'another resource' });
        waive(queue, { CKV_AWS_26: 'another check' });
        waive(queue, { CKV_AWS_27: 'because' });
      }),
    ).toThrow('stack/Queue: CKV_AWS_27 is waived twice; keep one of the two');
  });
});
