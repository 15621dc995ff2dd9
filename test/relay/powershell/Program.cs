// Runs one script of the relay in the PowerShell engine, with the modules of one folder:
//   runner MODULES SCRIPT.ps1 [-Name value]...
// The NuGet package has the engine without the Utility module; the two JSON cmdlets that the scripts use are supplied here.
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text.Json;

Environment.SetEnvironmentVariable("PSModulePath", Path.GetFullPath(args[0]));
var session = InitialSessionState.CreateDefault2();
session.Commands.Add(new SessionStateCmdletEntry("ConvertTo-Json", typeof(ConvertToJsonCommand), null));
session.Commands.Add(new SessionStateCmdletEntry("ConvertFrom-Json", typeof(ConvertFromJsonCommand), null));
using var runspace = RunspaceFactory.CreateRunspace(session);
runspace.Open();
using var shell = PowerShell.Create(runspace);
shell.AddCommand(Path.GetFullPath(args[1]));
for (var at = 2; at + 1 < args.Length; at += 2) shell.AddParameter(args[at].TrimStart('-'), args[at + 1]);
try
{
    foreach (var line in shell.Invoke()) Console.WriteLine(line);
}
catch (RuntimeException failure)
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}
foreach (var error in shell.Streams.Error) Console.Error.WriteLine(error);
return shell.HadErrors ? 1 : 0;

/// <summary>As strict as Windows PowerShell's about depth, and about dates and enums, which the scripts must not hand over.</summary>
[Cmdlet(VerbsData.ConvertTo, "Json")]
public sealed class ConvertToJsonCommand : PSCmdlet
{
    [Parameter(Mandatory = true), AllowNull, AllowEmptyCollection] public object? InputObject { get; set; }
    [Parameter] public int Depth { get; set; } = 2;
    [Parameter] public SwitchParameter Compress { get; set; }

    protected override void ProcessRecord() => WriteObject(JsonSerializer.Serialize(Plain(InputObject, Depth)));

    static object? Plain(object? value, int depth)
    {
        var bare = value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
        if (bare is null or string or bool or int or long) return bare;
        if (bare is DateTime or Enum) throw new PSInvalidOperationException($"{bare.GetType().Name} was not made a text");
        if (depth < 0) throw new PSInvalidOperationException("deeper than -Depth");
        return bare switch
        {
            System.Collections.IDictionary map => map.Keys.Cast<object>().ToDictionary(key => key.ToString()!, key => Plain(map[key], depth - 1)),
            System.Collections.IEnumerable list => list.Cast<object?>().Select(item => Plain(item, depth - 1)).ToList(),
            _ => throw new PSInvalidOperationException($"{bare.GetType().Name} is no plain value"),
        };
    }
}

[Cmdlet(VerbsData.ConvertFrom, "Json")]
public sealed class ConvertFromJsonCommand : PSCmdlet
{
    [Parameter(Mandatory = true, ValueFromPipeline = true)] public string InputObject { get; set; } = "";

    protected override void ProcessRecord() => WriteObject(Read(JsonDocument.Parse(InputObject).RootElement));

    static object? Read(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Array) return json.EnumerateArray().Select(Read).ToArray();
        if (json.ValueKind != JsonValueKind.Object) return json.ToString();
        var read = new PSObject();
        foreach (var property in json.EnumerateObject()) read.Properties.Add(new PSNoteProperty(property.Name, Read(property.Value)));
        return read;
    }
}
