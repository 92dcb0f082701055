namespace LogAudit.LocalCloud.Kernel;

/// <summary>A part of the cloud: registers its actions, gateways, delays and services. Made once per host.</summary>
internal interface IPart
{
    void Register(Cloud cloud);
}
