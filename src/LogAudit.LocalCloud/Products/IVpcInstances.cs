namespace LogAudit.LocalCloud.Products;

/// <summary>What a VPC must know of the ECS instances in it. Offered by ECS.</summary>
internal interface IVpcInstances
{
    /// <summary>Instances in a VPC: id and family.</summary>
    IReadOnlyList<(string Id, string Family)> In(string account, string region, string vpcId);

    /// <summary>Puts an instance of a family into a VPC.</summary>
    void Place(string account, string region, string vpcId, string family);

    /// <summary>Releases instances of a VPC by family; gives their ids.</summary>
    IReadOnlyList<string> Release(string account, string region, string vpcId, Func<string, bool> family);
}

/// <summary>The flow-log service, opened once per account. Offered by VPC.</summary>
internal interface IFlowLogService
{
    /// <summary>Opens it.</summary>
    void OpenService(string account);

    /// <summary>Makes it as if it had never been opened.</summary>
    void CloseService(string account);
}
