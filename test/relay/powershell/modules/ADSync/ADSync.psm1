# A sync server with one synchronised user, in the property names of Entra Connect's module.
$entraId = [guid]'b891884f-051e-4a83-95af-2544101c9083'
$forestId = [guid]'11111111-1111-1111-1111-111111111111'
$mvId = [guid]'22222222-2222-2222-2222-222222222222'
$csId = [guid]'33333333-3333-3333-3333-333333333333'
$entraName = 'CN={783456306961654236304B58786A66746377643748773D3D}'
$adName = 'CN=Ann,OU=Staff,DC=contoso,DC=com'

function New-Value { param($Name, $Values, $Rule, $Connector) [pscustomobject]@{ Name = $Name; Values = @($Values); SyncRuleName = $Rule; ConnectorName = $Connector } }

function Get-ADSyncScheduler {
    [pscustomobject]@{
        CurrentlyEffectiveSyncCycleInterval = [timespan]'00:30:00'
        NextSyncCycleStartTimeInUTC         = [datetime]'2026-11-22T08:30:00'
        NextSyncCyclePolicyType             = [System.DayOfWeek]::Monday
        SyncCycleEnabled                    = $true
        StagingModeEnabled                  = $false
        SchedulerSuspended                  = ($env:FAKE_SCHEDULER -eq 'suspended')
    }
}
function Get-ADSyncGlobalSettings { [pscustomobject]@{ Parameters = @([pscustomobject]@{ Name = 'Microsoft.Synchronize.ServerConfigurationVersion'; Value = '2.5.190.0' }) } }
function Get-ADSyncConnectorRunStatus { if ($env:FAKE_SCHEDULER -eq 'busy') { [pscustomobject]@{ RunState = 'Busy' } } }
function Start-ADSyncSyncCycle { param($PolicyType) if ($env:FAKE_SCHEDULER -eq 'broken') { throw 'The service is stopped.' } 'started' }
function Get-ADSyncConnector {
    [pscustomobject]@{
        Name = 'contoso.com'; ConnectorTypeName = 'AD'; Identifier = $forestId
        ConnectivityParameters = @([pscustomobject]@{ Name = 'forest-name'; Value = 'contoso.com' })
        Partitions = @([pscustomobject]@{
                DN = 'DC=contoso,DC=com'; Name = 'contoso.com'; IsDomain = $true
                CustomData = '<adma-partition-data><last-dc>dc1.contoso.com</last-dc><preferred-dcs><preferred-dc>dc2.contoso.com</preferred-dc></preferred-dcs></adma-partition-data>'
            })
    }
    [pscustomobject]@{ Name = 'contoso.onmicrosoft.com - AAD'; ConnectorTypeName = 'Extensible2'; Identifier = $entraId; Partitions = @() }
}
function Get-ADSyncRunProfileResult {
    param($NumberRequested)
    [pscustomobject]@{ RunHistoryId = $csId; ConnectorName = 'contoso.onmicrosoft.com - AAD'; RunProfileName = 'Export'; Result = 'completed-export-errors'; StartDate = [datetime]'2026-11-22T08:00:00Z'; EndDate = [datetime]'2026-11-22T08:01:00Z' }
    [pscustomobject]@{ RunHistoryId = $mvId; ConnectorName = 'contoso.com'; RunProfileName = 'Delta Import'; Result = 'in-progress'; StartDate = [datetime]'2026-11-22T07:59:00Z'; EndDate = [datetime]::MinValue }
}
function Get-ADSyncRunStepResult {
    param($RunHistoryId)
    $xml = '<synchronization-errors><export-error cs-guid="{33333333-3333-3333-3333-333333333333}" dn="x"><date-occurred>2026-11-22 08:00:30.000</date-occurred><first-occurred>2026-11-21 08:00:30.000</first-occurred><retry-count>3</retry-count><error-type>AttributeValueMustBeUnique</error-type></export-error></synchronization-errors>'
    [pscustomobject]@{ StepResult = 'completed-export-errors'; SyncErrors = [pscustomobject]@{ SyncErrorsXml = $xml } }
}
function Get-ADSyncCSObject {
    param($ConnectorName, $DistinguishedName, $Identifier)
    if ($DistinguishedName -eq $adName) {
        return [pscustomobject]@{ ObjectType = 'user'; DistinguishedName = $adName; ConnectedMVObjectId = $mvId; Attributes = @((New-Value 'objectGUID' 'x4V0iaeB60KXxjftcwd7Hw=='), (New-Value 'mail' 'ann@contoso.com')) }
    }
    if ($DistinguishedName -ne $entraName -and "$Identifier" -ne "$csId") { throw 'The object could not be found.' }
    [pscustomobject]@{
        ObjectType = 'User'; DistinguishedName = $entraName; ConnectedMVObjectId = $mvId
        ExportError = [pscustomobject]@{ ErrorCode = '0x8023061F'; ErrorDescription = 'Unable to update this object'; ErrorExtraDetails = '[{"Key":"AttributeConflictName","Value":["SipProxyAddress"]},{"Key":"ObjectIdInConflict","Value":["a","b"]}]' }
        Attributes = @((New-Value 'displayName' 'Ann'), (New-Value 'onPremisesDistinguishedName' $adName), (New-Value 'userPrincipalName' 'ann@contoso.com' 'Out to AAD - User Identity'))
    }
}
function Get-ADSyncMVObject {
    param($Identifier)
    [pscustomobject]@{
        Lineage    = @([pscustomobject]@{ ConnectorName = 'contoso.com'; ConnectedCsObjectDN = $adName }, [pscustomobject]@{ ConnectorName = 'contoso.onmicrosoft.com - AAD'; ConnectedCsObjectDN = $entraName })
        Attributes = @((New-Value 'userPrincipalName' 'ann@contoso.com' 'In from AD - User Account' 'contoso.com'), (New-Value 'displayName' 'Ann' 'In from AD - User Common' 'contoso.com'))
    }
}
function Get-ADSyncRule {
    [pscustomobject]@{ Name = 'In from AD - User Account'; Direction = 'Inbound'; Connector = $forestId; AttributeFlowMappings = @([pscustomobject]@{ Source = @('userPrincipalName'); Destination = 'userPrincipalName'; FlowType = 'Direct' }) }
    [pscustomobject]@{ Name = 'In from AD - User Common'; Direction = 'Inbound'; Connector = $forestId; AttributeFlowMappings = @([pscustomobject]@{ Source = @('displayName', 'cn'); Destination = 'displayName'; FlowType = 'Expression' }) }
    [pscustomobject]@{ Name = 'Out to AAD - User Identity'; Direction = 'Outbound'; Connector = $entraId; AttributeFlowMappings = @([pscustomobject]@{ Source = @('userPrincipalName'); Destination = 'userPrincipalName'; FlowType = 'Direct' }, [pscustomobject]@{ Source = @('displayName'); Destination = 'displayName'; FlowType = 'Direct' }) }
}
