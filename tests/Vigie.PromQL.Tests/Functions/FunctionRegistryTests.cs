namespace Vigie.PromQL.Tests.Functions;

public class FunctionRegistryTests
{
    [Fact]
    public void EveryFunctionOfTheLanguage_HasAnImplementation() =>
        Assert.Equal(FunctionTable.All.Keys.Order(StringComparer.Ordinal), FunctionRegistry.Names.Order(StringComparer.Ordinal));
}
