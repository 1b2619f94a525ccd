import { WrongUse } from '@platform/libs/settings/problem';
import { Accounts } from '@platform/tools/actions/failover/accounts';
import { defineGameDay } from '@platform/tools/actions/gameday/game-day';
import { internalUrl, onPremisesOf } from './hybrid-path';
import { servingRegion } from './places';

export default defineGameDay({
  name: 'resolver-zone-loss',
  title: 'the subnet of a Resolver address is cut off, and on-premises networks ask the other zone',
  path: 'hybrid',
  loss: 'zone',
  url: internalUrl,
  // Resolvers ask the next address after a few seconds; targets in the subnet fail their checks.
  hypothesis: () => ({ rtoSec: 60, rpoSec: 0 }),
  acts: async ({ context, before }) => {
    onPremisesOf(context);
    const ec2 = await import('@aws-sdk/client-ec2');
    const { key, awsRegion } = servingRegion(context, before);
    const client = await new Accounts(context).networks(awsRegion);
    const name = `${context.environment.name}-dns-inbound`;
    const { SecurityGroups: [group] = [] } = await client.send(
      new ec2.DescribeSecurityGroupsCommand({ Filters: [{ Name: 'group-name', Values: [name] }] }),
    );
    const { NetworkInterfaces = [] } = await client.send(
      new ec2.DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'group-id', Values: [group?.GroupId ?? name] }] }),
    );
    const subnets = [...new Set(NetworkInterfaces.map(({ SubnetId }) => SubnetId!))].sort();
    const [subnet] = subnets;
    if (subnet === undefined || subnets.length < 2) {
      throw new WrongUse(
        `${key}: the endpoint ${name} has addresses in ${subnets.length} subnets, and the loss of one needs two`,
      );
    }
    const { NetworkAcls: [current] = [] } = await client.send(
      new ec2.DescribeNetworkAclsCommand({ Filters: [{ Name: 'association.subnet-id', Values: [subnet] }] }),
    );
    const associationOf = (acl: typeof current) =>
      acl?.Associations?.find(({ SubnetId }) => SubnetId === subnet)?.NetworkAclAssociationId;
    const original = associationOf(current);
    if (!current || original === undefined) throw new WrongUse(`${key}: ${subnet} has no network ACL`);
    let deny: string | undefined;
    let association = original;
    return [
      {
        // A new network ACL denies everything
        // (https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html). FIS cuts subnets off in the same way
        // (https://docs.aws.amazon.com/fis/latest/userguide/fis-actions-reference.html, aws:network:disrupt-connectivity).
        call: `ec2:CreateNetworkAcl, ReplaceNetworkAclAssociation of ${subnet} in ${awsRegion}`,
        run: async () => {
          const { NetworkAcl } = await client.send(new ec2.CreateNetworkAclCommand({ VpcId: current.VpcId }));
          deny = NetworkAcl?.NetworkAclId;
          const { NewAssociationId } = await client.send(
            new ec2.ReplaceNetworkAclAssociationCommand({ AssociationId: association, NetworkAclId: deny }),
          );
          association = NewAssociationId!;
        },
        undo: {
          call: `ec2:ReplaceNetworkAclAssociation of ${subnet} with ${current.NetworkAclId}, DeleteNetworkAcl in ${awsRegion}`,
          run: async () => {
            if (association !== original) {
              await client.send(
                new ec2.ReplaceNetworkAclAssociationCommand({
                  AssociationId: association,
                  NetworkAclId: current.NetworkAclId,
                }),
              );
            }
            if (deny) await client.send(new ec2.DeleteNetworkAclCommand({ NetworkAclId: deny }));
          },
        },
      },
    ];
  },
});
