using System.Text;
using Vigie.Model;
using Vigie.Protocols.Protobuf;

namespace Vigie.Protocols.Otlp;

/// <summary>
/// Makes the labels of a data point from its attributes, its resource and its scope, in Prometheus' order of precedence. Only for series
/// not
/// seen before: it allocates. Not thread-safe.
/// </summary>
sealed class OtlpLabels(OtlpSettings settings, OtlpNames names)
{
    const string ServiceName = "service.name", ServiceNamespace = "service.namespace", ServiceInstance = "service.instance.id";

    readonly List<(string Key, string Value)> _attributes = [];
    readonly List<(string Key, string Value)> _resource = [];
    readonly LabelsBuilder _labels = new();

    /// <summary>Labels of a point without metric name.</summary>
    /// <param name="attributes">The point's attributes: fields of a message, one KeyValue each, whatever their number.</param>
    /// <exception cref="OtlpRefusal">An attribute has a name that no label can have.</exception>
    public Labels OfPoint(in OtlpMetric metric, ReadOnlySpan<byte> attributes, OtlpResult result)
    {
        ReadResource(metric.Resource);
        _attributes.Clear();
        var reader = new ProtobufReader(attributes);
        while (reader.Next()) _attributes.Add(AttributeText.Read(reader.ReadBytes()));
        _labels.Clear();
        AddSanitized(_attributes, "data point", result);
        Promote();
        if (settings.PromoteScopeMetadata) AddScope(metric.Scope, metric.ScopeSchemaUrl);
        AddTarget();
        if (settings.TypeAndUnitLabels)
            AddTypeAndUnit(OtlpMetricsReceiver.TypeName(metric), OtlpUnits.Name(AttributeText.Text(metric.Unit)));
        return _labels.Build();
    }

    /// <summary>
    /// Labels of target_info, or null if the resource has nothing to say beyond what job and instance say, or neither of them.
    /// </summary>
    /// <exception cref="OtlpRefusal">An attribute has a name that no label can have.</exception>
    public Labels? OfTarget(ReadOnlySpan<byte> resource, OtlpResult result)
    {
        ReadResource(resource);
        if (_resource.TrueForAll(static attribute => IsIdentifying(attribute.Key))) return null;
        _attributes.Clear();
        foreach (var attribute in _resource)
            if (settings.KeepIdentifyingResourceAttributes || !IsIdentifying(attribute.Key)) _attributes.Add(attribute);
        _labels.Clear();
        AddSanitized(_attributes, "resource", result);
        AddTarget();
        if (_labels[LabelNames.Job].Length == 0 && _labels[LabelNames.Instance].Length == 0) return null;
        if (settings.TypeAndUnitLabels) AddTypeAndUnit("gauge", "");
        return _labels.Set(LabelNames.MetricName, "target_info").Build();
    }

    static bool IsIdentifying(string key) => key is ServiceName or ServiceNamespace or ServiceInstance;

    void ReadResource(ReadOnlySpan<byte> resource)
    {
        _resource.Clear();
        var reader = new ProtobufReader(resource);
        while (reader.Next())
        {
            if (reader.Field == 1) _resource.Add(AttributeText.Read(reader.ReadBytes()));
            else reader.Skip();
        }
    }

    /// <summary>Attributes whose names become the same label are joined, in the order of their own names.</summary>
    void AddSanitized(List<(string Key, string Value)> attributes, string owner, OtlpResult result)
    {
        attributes.Sort(static (left, right) => Labels.CompareText(left.Key, right.Key));
        Dictionary<string, string>? collisions = null;
        var origins = new Dictionary<string, (string Key, string Value)>(attributes.Count, StringComparer.Ordinal);
        foreach (var (key, value) in attributes)
        {
            string name = names.LabelName(key);
            if (!origins.TryGetValue(name, out var origin))
            {
                origins[name] = (key, value);
                _labels.Set(name, value);
                continue;
            }
            string joined = origin.Value + ";" + value;
            origins[name] = (origin.Key, joined);
            _labels.Set(name, joined);
            collisions ??= new Dictionary<string, string>(StringComparer.Ordinal);
            collisions[name] = collisions.GetValueOrDefault(name, GoText.Quote(origin.Key)) + ", " + GoText.Quote(key);
        }
        if (collisions is null) return;
        foreach (var (name, keys) in collisions)
            result.Warn($"OTLP {owner} attributes {keys} collide as label {GoText.Quote(name)} after name sanitization, "
                + "values are concatenated with ';'");
    }

    void Promote()
    {
        _attributes.Clear();
        foreach (var attribute in _resource)
            if (settings.ResourceAttributes.Contains(attribute.Key) != settings.PromoteAllResourceAttributes) _attributes.Add(attribute);
        _attributes.Sort(static (left, right) => Labels.CompareText(left.Key, right.Key));
        foreach (var (key, value) in _attributes)
        {
            string name = names.LabelName(key);
            if (_labels[name].Length == 0) _labels.Set(name, value);
        }
    }

    void AddScope(ReadOnlySpan<byte> scope, ReadOnlySpan<byte> schemaUrl)
    {
        string name = "", version = "";
        _attributes.Clear();
        var reader = new ProtobufReader(scope);
        while (reader.Next())
        {
            if (reader.Field == 1) name = AttributeText.Text(reader.ReadBytes());
            else if (reader.Field == 2) version = AttributeText.Text(reader.ReadBytes());
            else if (reader.Field == 3) _attributes.Add(AttributeText.Read(reader.ReadBytes()));
            else reader.Skip();
        }
        if (name.Length == 0) return;
        _attributes.Sort(static (left, right) => Labels.CompareText(left.Key, right.Key));
        foreach (var (key, value) in _attributes) _labels.Set(names.LabelName("otel_scope_" + key), value);
        _labels.Set("otel_scope_name", name);
        _labels.Set("otel_scope_version", version);
        _labels.Set("otel_scope_schema_url", AttributeText.Text(schemaUrl));
    }

    /// <summary>job from the service's name and namespace, instance from its id.</summary>
    void AddTarget()
    {
        string? service = null, space = null, instance = null;
        foreach (var (key, value) in _resource)
        {
            if (key == ServiceName) service ??= value;
            else if (key == ServiceNamespace) space ??= value;
            else if (key == ServiceInstance) instance ??= value;
        }
        if (service is not null) _labels.Set(LabelNames.Job, space is null ? service : $"{space}/{service}");
        if (instance is not null) _labels.Set(LabelNames.Instance, instance);
    }

    void AddTypeAndUnit(string type, string unit)
    {
        if (type != "unknown") _labels.Set("__type__", type);
        _labels.Set("__unit__", unit);
    }
}
