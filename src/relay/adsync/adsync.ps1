# What the scripts of this folder share. They run under Windows PowerShell 5.1, whose ConvertTo-Json prints dates and enums in
# its own way and cuts below depth 2: every field is made a text, a number or a truth value first.
$ErrorActionPreference = 'Stop'

# Runs $Ask with the ADSync module and prints what it answers as one JSON document; with -List always as a list.
function Write-EngineAnswer {
    param([scriptblock]$Ask, [switch]$List)
    if (-not (Get-Module -ListAvailable -Name ADSync)) {
        '{"installed":false}'
        return
    }
    Import-Module ADSync
    $answer = & $Ask
    if ($List) { $answer = [object[]]@($answer | Where-Object { $null -ne $_ }) }
    ConvertTo-Json -InputObject $answer -Depth 8 -Compress
}

function Format-Time {
    param($Time)
    if ($null -eq $Time -or "$Time" -eq '') { return $null }
    $read = [datetime]$Time
    # ADSync gives times in UTC, sometimes without saying so.
    if ($read.Kind -eq [DateTimeKind]::Unspecified) { $read = [datetime]::SpecifyKind($read, [DateTimeKind]::Utc) }
    if ($read.Year -lt 1900) { return $null }
    $read.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ss.fffZ')
}

function Format-Text {
    param($Value)
    if ($null -eq $Value -or "$Value" -eq '') { return $null }
    [string]$Value
}

# AD or AAD; $null for connectors of other kinds.
function Get-ConnectorType {
    param($Connector)
    if ("$($Connector.ConnectorTypeName)" -eq 'AD') { return 'AD' }
    # The Entra connector's identifier is the same in every installation.
    if ("$($Connector.Identifier)" -eq 'b891884f-051e-4a83-95af-2544101c9083') { return 'AAD' }
    if ("$($Connector.Name)" -like '* - AAD') { return 'AAD' }
    $null
}

function Get-EntraConnector {
    Get-ADSyncConnector | Where-Object { (Get-ConnectorType $_) -eq 'AAD' }
}

# The Entra connector names its objects by the hex digits of the anchor's Base64 text.
function Get-EntraObjectName {
    param([string]$SourceAnchor)
    'CN={' + [BitConverter]::ToString([Text.Encoding]::UTF8.GetBytes($SourceAnchor)).Replace('-', '') + '}'
}

function Get-AnchorOfName {
    param([string]$DistinguishedName)
    if ($DistinguishedName -notmatch '^CN=\{((?:[0-9A-Fa-f]{2})+)\}$') { return $null }
    $digits = $Matches[1]
    $octets = for ($at = 0; $at -lt $digits.Length; $at += 2) { [Convert]::ToByte($digits.Substring($at, 2), 16) }
    [Text.Encoding]::UTF8.GetString([byte[]]$octets)
}

# $null when the connector space has no such object; the cmdlet throws then.
function Find-CsObject {
    param([string]$ConnectorName, [string]$DistinguishedName)
    try { Get-ADSyncCSObject -ConnectorName $ConnectorName -DistinguishedName $DistinguishedName }
    catch {
        if ("$($_.Exception.Message)" -match 'not found|could not be found|does not exist|no such') { return $null }
        throw
    }
}

# The metaverse object of a source anchor; $null when the engine does not know it.
function Find-MvObject {
    param([string]$SourceAnchor)
    $entra = Get-EntraConnector
    if ($null -eq $entra) { return $null }
    $found = Find-CsObject -ConnectorName $entra.Name -DistinguishedName (Get-EntraObjectName $SourceAnchor)
    if ($null -eq $found -or "$($found.ConnectedMVObjectId)" -in @('', [guid]::Empty.ToString())) { return $null }
    Get-ADSyncMVObject -Identifier $found.ConnectedMVObjectId
}

function Get-AttributeValues {
    param($Object, [string]$Name)
    foreach ($attribute in $Object.Attributes) {
        if ("$($attribute.Name)" -eq $Name) { foreach ($value in $attribute.Values) { [string]$value } }
    }
}

# The dashed form of an objectGUID, which comes as a GUID or as the Base64 of its octets.
function Format-Guid {
    param($Value)
    if ($null -eq $Value) { return $null }
    $guid = [guid]::Empty
    if ([guid]::TryParse("$Value", [ref]$guid)) { return $guid.ToString() }
    try { return [guid]::new([byte[]][Convert]::FromBase64String("$Value")).ToString() }
    catch { return $null }
}

function Get-Forest {
    param($Connector)
    foreach ($parameter in $Connector.ConnectivityParameters) {
        if ("$($parameter.Name)" -eq 'forest-name') { return [string]$parameter.Value }
    }
    [string]$Connector.Name
}
