namespace Vigie.PromQL.Tests.Evaluation;

public class CoreShareTests
{
    [Fact]
    public void ThreadsNow_SharesAmongTheQueriesThatRun()
    {
        var cores = new CoreShare(8);
        cores.Enter();
        Assert.Equal(8, cores.ThreadsNow);
        cores.Enter();
        Assert.Equal(4, cores.ThreadsNow);
        for (int i = 0; i < 20; i++) cores.Enter();
        Assert.Equal(1, cores.ThreadsNow);
        for (int i = 0; i < 21; i++) cores.Leave();
        Assert.Equal(8, cores.ThreadsNow);
    }
}
